import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../../cli/arguments';
import { bundleFunction } from '../bundle';
import { startNullTable } from '../cost/start-null-table';
import { machine } from '../machine';
import { ratio, type Spread, spread } from '../spread';
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

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const thousands = (count: number) => count.toLocaleString('en');

function table(results: readonly Result[]): string {
  const millis = ({ median, least, most }: Spread) =>
    `${median.toFixed(1)} (${least.toFixed(1)}–${most.toFixed(1)})`;
  return [
    row([
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
    ]),
    row(['---', ...Array.from({ length: 9 }, () => '--:'), '---']),
    ...results.map(({ contents, ...result }) =>
      row([
        result.what,
        thousands(contents.bytes),
        thousands(contents.gzipBytes),
        contents.modules,
        result.filesLoaded,
        millis(result.importing),
        millis(result.firstCall),
        millis(result.start),
        result.timesDefault.median.toFixed(2),
        result.heapMiB.median.toFixed(1),
        result.right ? 'yes' : 'NO',
      ]),
    ),
  ].join('\n');
}

function packagesOf({ what, contents }: Result): string {
  const packages = contents.packages.map(([name, bytes]) => `${name} ${thousands(bytes)}`);
  return `${what}: ${packages.join(', ')}\n`;
}

/**
 * Measures what each function's bundle holds, and what it takes to load it and to answer for the first time.
 *
 * @param args `--json`; `--short`: to see that it works, not how fast
 */
export async function benchmarkBundles(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, { json: { type: 'boolean' }, short: { type: 'boolean' } });
  const rounds = values.short ? short : full;
  const directory = await mkdtemp(join(tmpdir(), 'bundles-'));
  try {
    const results = await measure(await bundleAll(directory), rounds);
    if (values.json) {
      process.stdout.write(`${JSON.stringify({ machine: machine(), rounds: rounds.rounds, results })}\n`);
      return;
    }
    const own = results.filter(({ name }) => name === 'aggregator' || name === 'transformer');
    process.stdout.write(
      `${machine()}; ${rounds.rounds} processes each, milliseconds of CPU time\n\n${table(results)}\n\n` +
        `Bytes by package, \`.\` being this repository:\n\n${own.map(packagesOf).join('\n')}`,
    );
  } finally {
    await rm(directory, { recursive: true });
  }
}
