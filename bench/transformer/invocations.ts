import { parseOptions } from '../../cli/arguments';
import { cpuTimer } from '../cpu-timer';
import { markdownTable } from '../markdown-table';
import { commonOptions, reportBatches } from '../report';
import { ratio, type Spread, spread, spreadText } from '../spread';
import type { Rounds } from '../take-turns';
import { takeTurnsOnWork } from '../take-turns-on-work';
import { type Batch, batches, type Site } from './batch';
import { contenders } from './contenders';
import { isRightAnswer, type LoadedContender, loadContenders } from './invocation';

interface Result {
  readonly name: string;
  readonly what: string;
  /** The answer to the last batch of every turn was. */
  readonly right: boolean;
  readonly answerBytes: number;
  /** Milliseconds of CPU time that one invocation takes of this process, all its threads. */
  readonly cpuMs: Spread;
  /** Milliseconds that pass meanwhile. */
  readonly ms: Spread;
  /** Of CPU time. */
  readonly recordsPerSecond: number;
  /** CPU time, compared with the identity's. */
  readonly timesIdentity: Spread;
  /** Records a second, compared with the blueprint's. */
  readonly timesBlueprint: Spread;
}

interface BatchShape extends Site {
  readonly megabytes: number;
}

interface Effort extends Rounds {
  /** Of events that one turn works off. */
  readonly bytesPerTurn: number;
  readonly shapes: readonly BatchShape[];
}

const full: Effort = {
  warmUps: 5,
  rounds: 15,
  bytesPerTurn: 12_000_000,
  shapes: [
    { megabytes: 1, pages: 1_000, texts: 'come again' },
    { megabytes: 3, pages: 1_000, texts: 'come again' },
    { megabytes: 6, pages: 1_000, texts: 'come again' },
    { megabytes: 3, pages: 100_000, texts: 'come again' },
    { megabytes: 3, pages: 1_000, texts: 'all new' },
  ],
};
const short: Effort = {
  warmUps: 0,
  rounds: 1,
  bytesPerTurn: 0,
  shapes: [
    { megabytes: 1, pages: 1_000, texts: 'come again' },
    { megabytes: 0.1, pages: 1_000, texts: 'all new' },
  ],
};

/** What every contender works off in one round. */
interface Round {
  readonly bodies: readonly Buffer[];
  readonly records: number;
  /** The last of the bodies, whose answer is looked at. */
  readonly last: Batch;
}

function roundOf(coming: Iterator<Batch, never>, size: number): Round {
  const all = Array.from({ length: size }, () => coming.next().value);
  return {
    bodies: all.map(({ body }) => body),
    records: all.reduce((sum, { records }) => sum + records.length, 0),
    last: all.at(-1)!,
  };
}

/** One contender's turn in one round. */
interface Turn {
  readonly ms: number;
  readonly cpuMs: number;
  readonly recordsPerSecond: number;
  readonly answer: Buffer;
}

async function takeTurn({ invoke }: LoadedContender, { bodies, records }: Round): Promise<Turn> {
  let answer: Buffer = Buffer.alloc(0);
  const micros = cpuTimer();
  const startedAt = performance.now();
  for (const body of bodies) answer = await invoke(body);
  const ms = performance.now() - startedAt;
  const cpuMs = micros() / 1_000;
  return {
    ms: ms / bodies.length,
    cpuMs: cpuMs / bodies.length,
    recordsPerSecond: (records / cpuMs) * 1_000,
    answer,
  };
}

async function measure(loaded: readonly LoadedContender[], shape: BatchShape, effort: Effort) {
  const bytes = shape.megabytes * 1_000_000;
  const coming = batches(bytes, shape);
  const perTurn = Math.max(1, Math.round(effort.bytesPerTurn / bytes));
  const nextRound = () => roundOf(coming, perTurn);
  const { work, turns } = await takeTurnsOnWork(loaded, effort, nextRound, takeTurn);
  const times = (name: string) => turns.get(name)!.map(({ cpuMs }) => cpuMs);
  const results = loaded.map((contender): Result => {
    const { name, what } = contender;
    const own = turns.get(name)!;
    return {
      name,
      what,
      right: own.every(({ answer }, round) => isRightAnswer(answer, work[round]!.last, contender)),
      answerBytes: own[0]!.answer.length,
      cpuMs: spread(times(name)),
      ms: spread(own.map(({ ms }) => ms)),
      recordsPerSecond: spread(own.map(({ recordsPerSecond }) => recordsPerSecond)).median,
      timesIdentity: ratio(times(name), times('identity')),
      timesBlueprint: ratio(times('blueprint'), times(name)),
    };
  });
  return { ...shape, ...contentOf(work[0]!.last), results };
}

function contentOf({ records }: Batch) {
  const bytes = records.reduce((sum, { text }) => sum + text.length, 0);
  return { records: records.length, meanBytes: Math.round(bytes / records.length) };
}

type Measured = Awaited<ReturnType<typeof measure>>;

function table({ megabytes, pages, texts, records, meanBytes, results }: Measured): string {
  const site = `${pages.toLocaleString('en')} pages, user agents and referrers ${texts}`;
  const rows = markdownTable(
    ['', 'CPU ms: median (least–most)', 'ms', 'records/s', '× blueprint’s', '× identity’s time', 'right'],
    results.map(({ what, cpuMs, ms, recordsPerSecond, timesBlueprint, timesIdentity, right }) => [
      what,
      spreadText(cpuMs, 1),
      ms.median.toFixed(1),
      Math.round(recordsPerSecond).toLocaleString('en'),
      timesBlueprint.median.toFixed(2),
      timesIdentity.median.toFixed(2),
      right ? 'yes' : 'NO',
    ]),
  );
  return `An event of ${megabytes} MB: ${records} records of ${meanBytes} bytes; ${site}\n\n${rows}`;
}

/**
 * Measures whole invocations of the transformer beside others.
 *
 * @param args `--json`; `--short`: to see that it works, not how fast
 */
export async function benchmarkTransformer(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const effort = values.short ? short : full;
  const loaded = await loadContenders(contenders);
  const measured: Measured[] = [];
  for (const shape of effort.shapes) measured.push(await measure(loaded, shape, effort));
  reportBatches(values, effort.rounds, measured, table);
}
