import { interruptSignal } from '../cli/interrupt';
import { quietSdk } from '../cli/quiet-sdk';
import { systemClock } from '../producer/clock';
import { exitCodes, runVerify } from './command';

quietSdk();

runVerify(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  signal: interruptSignal('verify-ledger: aborted'),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`verify-ledger: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.different;
  },
);
