import { isDeepStrictEqual } from 'node:util';
import { parseOptions } from '../../cli/arguments';
import { startNullTable } from '../cost/start-null-table';
import { cpuTimer } from '../cpu-timer';
import { markdownTable } from '../markdown-table';
import { commonOptions, mustBeRight, printResult } from '../report';
import { ratio, type Spread, spread, spreadText } from '../spread';
import type { Rounds } from '../take-turns';
import { takeTurnsOnWork } from '../take-turns-on-work';
import { type Batch, type BatchShape, batches } from './batches';
import { contenders, tableContenders } from './contenders';
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

/** What an invocation with the SDK's calls takes. */
interface TableResult {
  readonly name: string;
  readonly what: string;
  readonly right: boolean;
  readonly cpuMs: Spread;
  readonly ms: Spread;
  readonly requests: number;
  /** CPU time of an item a counter, compared with this one's. */
  readonly timesItemEach: Spread;
}

/** Against a server in a process of its own that takes every write at once. */
async function measureWithTable(effort: Effort) {
  const server = await startNullTable();
  try {
    const loaded = await loadContenders(tableContenders, server.endpoint);
    const shapes = effort.shapes.filter(({ eventsPerRecord }) => eventsPerRecord === 1);
    const measured = [];
    for (const shape of shapes) {
      const coming = batches(shape);
      const { turns } = await takeTurnsOnWork(
        loaded,
        { ...effort, warmUps: 1 },
        () => coming.next().value,
        async ({ invoke }, batch) => {
          const begin = performance.now();
          const micros = cpuTimer();
          const answer = await invoke(batch);
          const [cpuMs, ms] = [micros() / 1_000, performance.now() - begin];
          const isDone = answer.toString() === '{"batchItemFailures":[]}';
          return { cpuMs, ms, isDone, requests: await server.ask() };
        },
      );
      const cpu = (name: string) => turns.get(name)!.map(({ cpuMs }) => cpuMs);
      const results = tableContenders.map(({ name, what }): TableResult => {
        const own = turns.get(name)!;
        return {
          ...{ name, what },
          right: own.every(({ isDone, requests }) => isDone && requests > 0),
          cpuMs: spread(cpu(name)),
          ms: spread(own.map(({ ms }) => ms)),
          requests: spread(own.map(({ requests }) => requests)).median,
          timesItemEach: ratio(cpu('item-each'), cpu(name)),
        };
      });
      measured.push({ ...shape, results });
    }
    return measured;
  } finally {
    await server.stop();
  }
}

type MeasuredWithTable = Awaited<ReturnType<typeof measureWithTable>>[number];

function tableOfTable({ events, results }: MeasuredWithTable): string {
  return [
    `${events.toLocaleString('en')} events, with the SDK’s calls to a table that takes everything at once`,
    markdownTable(
      ['', 'requests', 'CPU ms: median (least–most)', 'ms', '× an item a counter', 'right'],
      results.map(({ what, requests, cpuMs, ms, timesItemEach, right }) => [
        what,
        requests,
        spreadText(cpuMs, 1),
        spreadText(ms, 1),
        timesItemEach.median.toFixed(1),
        right ? 'yes' : 'NO',
      ]),
    ),
  ].join('\n\n');
}

/**
 * Measures whole invocations of the aggregator beside others: without the network, and with the SDK's calls to a table
 * that takes everything at once.
 *
 * @param args `--json`; `--short`: to see that it works, not how fast
 */
export async function benchmarkAggregator(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const effort = values.short ? short : full;
  const loaded = await loadContenders(contenders);
  const measured: Measured[] = [];
  for (const shape of effort.shapes) measured.push(await measure(loaded, shape, effort));
  const withTable = await measureWithTable(effort);
  const { rounds } = effort;
  printResult(values, { rounds, batches: measured, withTable }, () =>
    [`${rounds} rounds`, ...measured.map(table), ...withTable.map(tableOfTable)].join('\n\n'),
  );
  mustBeRight(
    [...measured, ...withTable].flatMap(
      ({ results }): readonly { name: string; right: boolean }[] => results,
    ),
  );
}
