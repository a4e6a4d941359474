import { isDeepStrictEqual } from 'node:util';
import { parseOptions } from '../../cli/arguments';
import { cpuTimer } from '../cpu-timer';
import { markdownTable } from '../markdown-table';
import { commonOptions, reportBatches } from '../report';
import { ratio, type Spread, spread, spreadText } from '../spread';
import type { Rounds } from '../take-turns';
import { takeTurnsOnWork } from '../take-turns-on-work';
import { type Batch, type BatchShape, batches } from './batches';
import { contenders } from './contenders';
import { type LoadedContender, loadContenders } from './invocation';

interface Result {
  readonly name: string;
  readonly what: string;
  /** All batches were answered as done, and what was counted is what the baseline counted of it. */
  readonly right: boolean;
  /** Milliseconds of CPU time that one invocation takes of this process, all its threads. */
  readonly cpuMs: Spread;
  /** Of CPU time. */
  readonly eventsPerSecond: number;
  /** Events a second, compared with the baseline's. */
  readonly timesBaseline: Spread;
  /** The same with the baseline that is shorter to write: one Map. */
  readonly timesOneMap: Spread;
  /** CPU time, compared with the floor's. */
  readonly timesFloor: Spread;
}

interface Effort extends Rounds {
  /** That one turn works off, at least. */
  readonly eventsPerTurn: number;
  readonly shapes: readonly BatchShape[];
}

const perPackedRecord = 50;
/** The last one is an event of 6 MB: no more than a function gets. */
const sizes = [500, 2_500, 5_300];

const full: Effort = {
  warmUps: 5,
  rounds: 11,
  eventsPerTurn: 10_000,
  shapes: [1, perPackedRecord].flatMap((eventsPerRecord) =>
    sizes.map((events) => shapeOf(events, eventsPerRecord)),
  ),
};
const short: Effort = {
  warmUps: 0,
  rounds: 1,
  eventsPerTurn: 0,
  shapes: [shapeOf(300, 1), shapeOf(300, 30)],
};

function shapeOf(events: number, eventsPerRecord: number): BatchShape {
  return { shard: `shardId-${events}-${eventsPerRecord}`, events, eventsPerRecord };
}

interface Turn {
  readonly cpuMs: number;
  readonly isDone: boolean;
  readonly counts: ReturnType<LoadedContender['takeCounts']>;
}

async function takeTurn({ invoke, takeCounts }: LoadedContender, round: readonly Batch[]): Promise<Turn> {
  const answers: Buffer[] = [];
  const micros = cpuTimer();
  for (const batch of round) answers.push(await invoke(batch));
  const cpuMicros = micros();
  const isDone = answers.every((answer) => answer.toString() === '{"batchItemFailures":[]}');
  return { cpuMs: cpuMicros / 1_000 / round.length, isDone, counts: takeCounts() };
}

async function measure(loaded: readonly LoadedContender[], shape: BatchShape, effort: Effort) {
  const coming = batches(shape);
  const perTurn = Math.max(1, Math.ceil(effort.eventsPerTurn / shape.events));
  const nextRound = () => Array.from({ length: perTurn }, () => coming.next().value);
  const { work, turns } = await takeTurnsOnWork(loaded, effort, nextRound, takeTurn);
  const times = (name: string) => turns.get(name)!.map(({ cpuMs }) => cpuMs);
  const counted = turns.get('baseline')!.map(({ counts }) => counts);
  const results = loaded.map(({ name, what, counts }): Result => {
    const cpuMs = spread(times(name));
    return {
      name,
      what,
      right: turns.get(name)!.every((turn, index) => {
        const expected = new Map([...counted[index]!].filter(([counter]) => counts(counter)));
        return turn.isDone && isDeepStrictEqual(turn.counts, expected);
      }),
      cpuMs,
      eventsPerSecond: (shape.events / cpuMs.median) * 1_000,
      timesBaseline: ratio(times('baseline'), times(name)),
      timesOneMap: ratio(times('one-map'), times(name)),
      timesFloor: ratio(times(name), times('floor')),
    };
  });
  return { ...shape, bytes: work[0]![0]!.length, results };
}

type Measured = Awaited<ReturnType<typeof measure>>;

function table({ events, eventsPerRecord, bytes, results }: Measured): string {
  const records = Math.ceil(events / eventsPerRecord).toLocaleString('en');
  const packed = eventsPerRecord === 1 ? '' : `, packed in ${records} records`;
  const rows = results.map(({ what, cpuMs, eventsPerSecond, right, ...times }) => [
    what,
    spreadText(cpuMs, 1),
    Math.round(eventsPerSecond).toLocaleString('en'),
    times.timesBaseline.median.toFixed(2),
    times.timesOneMap.median.toFixed(2),
    times.timesFloor.median.toFixed(2),
    right ? 'yes' : 'NO',
  ]);
  return [
    `${events.toLocaleString('en')} events${packed}; ${(bytes / 1_000_000).toFixed(2)} MB`,
    markdownTable(
      [
        '',
        'CPU ms: median (least–most)',
        'events/s',
        '× baseline’s',
        '× one Map’s',
        '× floor’s time',
        'right',
      ],
      rows,
    ),
  ].join('\n\n');
}

/**
 * Measures whole invocations of the aggregator without the network beside others.
 *
 * @param args `--json`; `--short`: to see that it works, not how fast
 */
export async function benchmarkAggregator(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const effort = values.short ? short : full;
  const loaded = await loadContenders(contenders);
  const measured: Measured[] = [];
  for (const shape of effort.shapes) measured.push(await measure(loaded, shape, effort));
  reportBatches(values, effort.rounds, measured, table);
}
