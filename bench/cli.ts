import { parseOptions } from '../cli/arguments';
import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { type Benchmark, benchmarks } from './benchmarks';
import { runChildBenchmark } from './child-benchmark';
import { commonOptions } from './report';
import { runAll } from './run-all';

quietSdk();

const names = Object.keys(benchmarks);

const help = `Usage: npm run bench [-- NAME] [options]

${names.map((name) => `  ${name.padEnd(24)}${benchmarks[name]!.what}`).join('\n')}

Without a name all of them, one after the other, each in a process of its own; exit code 1 if one fails.

  --json    a JSON document on a line, of each
  --short   to see that it works and its outputs are right, not how fast
  --long    without a name: also those that take many minutes
  --help    of a name: its own options

What was measured, and how to read it: docs/performance.md.
`;

function helpOf(name: string, { what, options = {} }: Benchmark): string {
  const own = Object.entries({
    ...options,
    '--json': 'a JSON document on a line',
    '--short': 'to see that it works, not what it comes to',
  });
  const width = Math.max(...own.map(([option]) => option.length));
  const lines = own.map(([option, does]) => `  ${option.padEnd(width)}  ${does}`);
  return `Usage: npm run bench -- ${name} [options]\n\n${what}\n\n${lines.join('\n')}\n`;
}

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === '--help' || name === '-h') {
    process.stdout.write(help);
  } else if (name === undefined || name.startsWith('-')) {
    await benchmarkAll(name === undefined ? [] : [name, ...args]);
  } else if (names.includes(name)) {
    const benchmark = benchmarks[name]!;
    const isAsking = args.includes('--help') || args.includes('-h');
    if (isAsking) process.stdout.write(helpOf(name, benchmark));
    else await benchmark.run(args);
  } else {
    throw new SetupError(`there is no benchmark "${name}": give one of ${names.join(', ')}`);
  }
}

async function benchmarkAll(args: readonly string[]): Promise<void> {
  const {
    json = false,
    short = false,
    long = false,
  } = parseOptions(args, { ...commonOptions, long: { type: 'boolean' } });
  const failed = await runAll(
    benchmarks,
    { json, short, long },
    {
      run: (name, args) => runChildBenchmark([name, ...args], json),
      print: (text) => process.stdout.write(text),
      now: () => performance.now(),
    },
  );
  if (failed.length > 0) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
});
