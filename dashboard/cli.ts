import { interruptSignal } from '../cli/interrupt';
import { keepFilesPrivate } from '../cli/private-files';
import { quietSdk } from '../cli/quiet-sdk';
import { SetupError } from '../cli/setup-error';
import { help, parseDashboardCommand } from './command-line';
import { runDashboard } from './run-dashboard';

const exitCodes = { failed: 1, setup: 2 } as const;

async function main(): Promise<void> {
  quietSdk();
  keepFilesPrivate();
  const command = parseDashboardCommand(process.argv.slice(2));
  if (command.kind === 'help') process.stdout.write(help);
  else await runDashboard(command, { stdout: process.stdout, signal: interruptSignal('Aborted.') });
}

main().catch((error: unknown) => {
  process.stderr.write(`dashboard: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof SetupError ? exitCodes.setup : exitCodes.failed;
});
