import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { type Benchmark, benchmarks } from './benchmarks';

quietSdk();

const names = Object.keys(benchmarks);

const help = `Usage: npm run bench -- NAME [options]

${names.map((name) => `  ${name.padEnd(12)}${benchmarks[name]!.what}`).join('\n')}

  --json    a JSON document on a line
  --short   to see that it works and its outputs are right, not how fast
  --help    of a name: its own options

What was measured, and how to read it: docs/performance.md.
`;

function helpOf(name: string, { what, options = {} }: Benchmark): string {
  const own = Object.entries({
    ...options,
    '--json': 'a JSON document on a line',
    '--short': 'to see that it works, not how fast',
  });
  const width = Math.max(...own.map(([option]) => option.length));
  const lines = own.map(([option, does]) => `  ${option.padEnd(width)}  ${does}`);
  return `Usage: npm run bench -- ${name} [options]\n\n${what}\n\n${lines.join('\n')}\n`;
}

async function main([name, ...args]: readonly string[]): Promise<void> {
  const asksForHelp = (arg: string) => arg === '--help' || arg === '-h';
  if (name === undefined || asksForHelp(name)) {
    process.stdout.write(help);
  } else if (!names.includes(name)) {
    throw new SetupError(`there is no benchmark "${name}"; allowed: ${names.join(', ')}`);
  } else if (args.some(asksForHelp)) {
    process.stdout.write(helpOf(name, benchmarks[name]!));
  } else {
    await benchmarks[name]!.run(args);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
});
