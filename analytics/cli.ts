import { interruptSignal } from '../cli/interrupt';
import { keepFilesPrivate } from '../cli/private-files';
import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { printable } from '../cli/terminal-text';
import { exitCodes, runQuery } from './run';

quietSdk();
keepFilesPrivate();

// Whoever reads the output has had enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.failed);
});

const { stdin, stdout, stderr } = process;
runQuery(process.argv.slice(2), { stdin, stdout, stderr, signal: interruptSignal('query: aborted') }).then(
  (code) => {
    process.exitCode = code;
    // A pipe that nobody writes to would keep the process.
    stdin.destroy();
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    stderr.write(`query: ${message.split('\n').map(printable).join('\n')}\n`);
    process.exitCode = error instanceof SetupError ? exitCodes.setup : exitCodes.failed;
    stdin.destroy();
  },
);
