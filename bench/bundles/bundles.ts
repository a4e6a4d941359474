import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../../cli/arguments';
import { bundleFunction } from '../bundle';
import { startNullTable } from '../cost/start-null-table';
import { markdownTable } from '../markdown-table';
import { commonOptions, mustBeRight, printResult } from '../report';
import { ratio, type Spread, spread, spreadText } from '../spread';
import { type Rounds, takeTurns } from '../take-turns';
import { type ColdStart, coldStart } from './cold-start';
import { type Contender, contenders, defaultOf, environmentOf } from './contenders';
import { type Contents, contentsOf } from './contents';

interface Bundle extends Contender {
  readonly file: string;
  readonly contents: Contents;
}

interface Result {
  readonly name: string;
  readonly what: string;
  readonly contents: Contents;
  /** Every first call was. */
  readonly right: boolean;
  readonly filesLoaded: number;
  /** Milliseconds of CPU time. */
  readonly importing: Spread;
  readonly firstCall: Spread;
  /** Both together: CPU time, milliseconds that passed, and CPU time compared with CDK's default. */
  readonly start: Spread;
  readonly startMs: Spread;
  readonly timesDefault: Spread;
  readonly heapMiB: Spread;
}

const full: Rounds = { warmUps: 1, rounds: 21 };
const short: Rounds = { warmUps: 0, rounds: 1 };

async function bundleAll(directory: string): Promise<Bundle[]> {
  return Promise.all(
    contenders.map(async (contender) => {
      const file = join(directory, `${contender.name}.js`);
      const metafile = await bundleFunction(contender.entry, file, contender.bundling);
      return { ...contender, file, contents: await contentsOf(file, metafile) };
    }),
  );
}

async function measure(bundles: readonly Bundle[], rounds: Rounds): Promise<Result[]> {
  const table = await startNullTable();
  const shared = environmentOf(table.endpoint);
  const turns = await takeTurns(bundles, rounds, ({ file, event, environment }) =>
    coldStart(file, event, { ...shared, ...environment }),
  ).finally(table.stop);

  const cpu = ({ importing, firstCall }: ColdStart) => importing.cpuMs + firstCall.cpuMs;
  const starts = (name: string) => turns.get(name)!.map(cpu);
  return bundles.map(({ name, what, contents, isRight }) => {
    const own = turns.get(name)!;
    return {
      name,
      what,
      contents,
      right: own.every(({ answer }) => isRight(answer)),
      filesLoaded: own[0]!.filesLoaded,
      importing: spread(own.map(({ importing }) => importing.cpuMs)),
      firstCall: spread(own.map(({ firstCall }) => firstCall.cpuMs)),
      start: spread(starts(name)),
      startMs: spread(own.map(({ importing, firstCall }) => importing.ms + firstCall.ms)),
      timesDefault: ratio(starts(name), starts(defaultOf[name]!)),
      heapMiB: spread(own.map(({ heapBytes }) => heapBytes / 1024 / 1024)),
    };
  });
}

const thousands = (count: number) => count.toLocaleString('en');

function table(results: readonly Result[]): string {
  return markdownTable(
    [
      '',
      'bytes',
      'gzip',
      'modules',
      'files',
      'import',
      'first call',
      'both',
      '× default',
      'heap MiB',
      'right',
    ],
    results.map(({ contents, ...result }) => [
      result.what,
      thousands(contents.bytes),
      thousands(contents.gzipBytes),
      contents.modules,
      result.filesLoaded,
      spreadText(result.importing, 1),
      spreadText(result.firstCall, 1),
      spreadText(result.start, 1),
      result.timesDefault.median.toFixed(2),
      result.heapMiB.median.toFixed(1),
      result.right ? 'yes' : 'NO',
    ]),
  );
}

function packagesOf({ what, contents }: Result): string {
  const packages = contents.packages.map(([name, bytes]) => `${name} ${thousands(bytes)}`);
  return `${what}: ${packages.join(', ')}`;
}

/**
 * Measures what each function's bundle holds, and what it takes to load it and to answer for the first time.
 *
 * @param args `--json`; `--short`: to see that it works, not how fast
 */
export async function benchmarkBundles(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const rounds = values.short ? short : full;
  const directory = await mkdtemp(join(tmpdir(), 'bundles-'));
  try {
    const results = await measure(await bundleAll(directory), rounds);
    const own = results.filter(({ name }) => name === 'aggregator' || name === 'transformer');
    printResult(values, { rounds: rounds.rounds, results }, () =>
      [
        `${rounds.rounds} processes each, milliseconds of CPU time`,
        table(results),
        'Bytes by package, `.` being this repository:',
        ...own.map(packagesOf),
      ].join('\n\n'),
    );
    mustBeRight(results);
  } finally {
    await rm(directory, { recursive: true });
  }
}
