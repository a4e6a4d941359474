import { parseOptions } from '../../cli/arguments';
import { cpuTimer } from '../cpu-timer';
import { markdownTable } from '../markdown-table';
import { quietly } from '../quietly';
import { commonOptions, mustBeRight, printResult } from '../report';
import { ratio, type Spread, spread, spreadText } from '../spread';
import { type Rounds, takeTurns } from '../take-turns';
import { type Batch, createBatch } from './batch';
import { contenders } from './contenders';
import { isRightAnswer, type LoadedContender, loadContenders } from './invocation';

interface Result {
  readonly name: string;
  readonly what: string;
  /** Every answer to the batch was. */
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

interface Size extends Rounds {
  /** Of events that one turn works off. */
  readonly bytesPerTurn: number;
}

const full: Size = { warmUps: 5, rounds: 15, bytesPerTurn: 12_000_000 };
const short: Size = { warmUps: 0, rounds: 1, bytesPerTurn: 0 };

async function measure(loaded: readonly LoadedContender[], batch: Batch, size: Size): Promise<Result[]> {
  const invocations = Math.max(1, Math.round(size.bytesPerTurn / batch.body.length));
  const turns = await quietly(() =>
    takeTurns(loaded, size, async ({ invoke }) => {
      const micros = cpuTimer();
      const startedAt = performance.now();
      let answer: Buffer = Buffer.alloc(0);
      for (let count = 0; count < invocations; count++) answer = await invoke(batch.body);
      const ms = (performance.now() - startedAt) / invocations;
      const cpuMicros = micros();
      return { ms, cpuMs: cpuMicros / 1000 / invocations, answer };
    }),
  );
  const times = (name: string) => turns.get(name)!.map(({ cpuMs }) => cpuMs);
  return loaded.map((contender) => {
    const { name, what } = contender;
    const cpuMs = spread(times(name));
    const answers = turns.get(name)!.map(({ answer }) => answer);
    return {
      name,
      what,
      right: answers.every((answer) => isRightAnswer(answer, batch, contender)),
      answerBytes: answers[0]!.length,
      cpuMs,
      ms: spread(turns.get(name)!.map(({ ms }) => ms)),
      recordsPerSecond: (batch.records.length / cpuMs.median) * 1000,
      timesIdentity: ratio(times(name), times('identity')),
      timesBlueprint: ratio(times('blueprint'), times(name)),
    };
  });
}

function table(results: readonly Result[]): string {
  return markdownTable(
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
}

/**
 * Measures whole invocations of the transformer beside others.
 *
 * @param args `--json`; `--short`: to see that it works, not how fast
 */
export async function benchmarkTransformer(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const size = values.short ? short : full;
  const loaded = await loadContenders(contenders);
  const batches: { megabytes: number; records: number; meanBytes: number; results: Result[] }[] = [];
  for (const megabytes of values.short ? [1] : [1, 3, 6]) {
    const batch = createBatch(megabytes * 1_000_000);
    const results = await measure(loaded, batch, size);
    const bytes = batch.records.reduce((sum, { text }) => sum + text.length, 0);
    const records = batch.records.length;
    batches.push({ megabytes, records, meanBytes: Math.round(bytes / records), results });
  }
  const { rounds } = size;
  printResult(values, { rounds, batches }, () =>
    [
      `${rounds} rounds`,
      ...batches.flatMap(({ megabytes, records, meanBytes, results }) => [
        `An event of ${megabytes} MB: ${records} records of ${meanBytes} bytes`,
        table(results),
      ]),
    ].join('\n\n'),
  );
  mustBeRight(batches.flatMap(({ results }) => results));
}
