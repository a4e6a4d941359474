import { join } from 'node:path';
import { interruptSignal } from '../cli/interrupt';
import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { help, parseLocalCommand } from './options';
import { runLocal } from './run';

const exitCodes = { failed: 1, setup: 2 } as const;

async function main(): Promise<number> {
  quietSdk();
  const command = parseLocalCommand(process.argv.slice(2));
  if (command.kind === 'help') {
    process.stdout.write(help);
    return 0;
  }
  return runLocal(command, {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    elapsed: () => performance.now(),
    signal: interruptSignal('Aborted. What was buffered is delivered after the next start.'),
    appDir: join(__dirname, '..'),
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof SetupError ? exitCodes.setup : exitCodes.failed;
  },
);
