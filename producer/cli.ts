import { systemClock } from '../cli/clock';
import { interruptSignal } from '../cli/interrupt';
import { quietSdk } from '../cli/quiet-sdk';
import { exitCodes, runCommand } from './command/command';

quietSdk();

const interrupted = interruptSignal('produce: aborted; events under way may or may not have arrived');
const outputEnded = new AbortController();

/** Whoever reads the output has had enough (`| head`): finish as after Ctrl-C. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`produce: cannot write the output: ${error.message}\n`);
  outputEnded.abort();
});

runCommand(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  signal: AbortSignal.any([interrupted, outputEnded.signal]),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`produce: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.incomplete;
  },
);
