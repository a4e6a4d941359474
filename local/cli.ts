import { join } from 'node:path';
import { interruptSignal } from '../cli/interrupt';
import { keepFilesPrivate } from '../cli/private-files';
import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { readDestinationAccess } from './destination';
import { whyStopped } from './faults/why-stopped';
import { help, parseLocalCommand } from './options';
import { runLocal } from './run-local';

const exitCodes = { failed: 1, setup: 2 } as const;

async function main(): Promise<number> {
  quietSdk();
  keepFilesPrivate();
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
    destination: readDestinationAccess(process.env),
  });
}

// The emulators throw out of the event loop when they cannot write, on a full disk for one.
process.on('uncaughtException', (error) => {
  process.stderr.write(
    `The pipeline had to stop: ${whyStopped(error)}\nIts state is kept; it goes on from there when it is started again.\n`,
  );
  process.exit(exitCodes.failed);
});

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${whyStopped(error)}\n`);
    process.exitCode = error instanceof SetupError ? exitCodes.setup : exitCodes.failed;
  },
);
