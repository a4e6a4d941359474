import { keepFilesPrivate } from '../cli/private-files';
import { quietSdk } from '../cli/quiet-sdk';
import { printable } from '../cli/terminal-text';
import { exitCodes, runRecover } from './command';

quietSdk();
keepFilesPrivate();

// Whoever reads the output has had enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.left);
});

runRecover(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr }).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`recover: ${message.split('\n').map(printable).join('\n')}\n`);
    process.exitCode = exitCodes.left;
  },
);
