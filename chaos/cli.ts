import { keepFilesPrivate } from '../cli/private-files';
import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { help, parseSoakCommand } from './options';
import { soak } from './soak';
import { resultTable } from './table';

const exitCodes = { exact: 0, different: 1, setup: 2, interrupted: 130 } as const;

async function main(): Promise<number> {
  quietSdk();
  keepFilesPrivate();
  const command = parseSoakCommand(process.argv.slice(2));
  if (command.kind === 'help') {
    process.stdout.write(help);
    return exitCodes.exact;
  }
  process.stderr.write(`Seed ${command.seed}, in ${command.dataDir}\n`);
  const begun = performance.now();
  const note = (text: string): void => {
    const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
    process.stderr.write(`${seconds} s  ${text}\n`);
  };
  const result = await soak(command, { note, elapsed: () => performance.now() });
  process.stdout.write(command.json ? `${JSON.stringify(result)}\n` : resultTable(result));
  return result.exact ? exitCodes.exact : exitCodes.different;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.exit(exitCodes.interrupted));

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof SetupError ? exitCodes.setup : exitCodes.different);
  },
);
