import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { benchmarks } from './benchmarks';

quietSdk();

const names = Object.keys(benchmarks);

const help = `Usage: npm run bench -- NAME [options]

${names.map((name) => `  ${name.padEnd(24)}${benchmarks[name]!.what}`).join('\n')}

What was measured, and how to read it: docs/performance.md. Options of each stand there, too.
`;

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === '--help' || name === '-h') {
    process.stdout.write(help);
    return;
  }
  const benchmark = names.includes(name ?? '') ? benchmarks[name!]! : undefined;
  if (!benchmark) {
    const wrong = name === undefined ? 'which benchmark is missing' : `there is no benchmark "${name}"`;
    throw new SetupError(`${wrong}: give one of ${names.join(', ')}`);
  }
  await benchmark.run(args);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
});
