import { keepFilesPrivate } from '../cli/private-files';
import { quietSdk } from '../cli/quiet-sdk';
import { printable, printableJson } from '../cli/terminal-text';
import { alarmsText } from './alarms-text';
import { help, parseAlarmsCommand } from './command-line';
import { readDeployedAlarms } from './deployed-alarms';
import { readLocalAlarms } from './local-alarms';

const exitCodes = { quiet: 0, firing: 1, unknown: 2 } as const;

async function main(): Promise<number> {
  quietSdk();
  keepFilesPrivate();
  const command = parseAlarmsCommand(process.argv.slice(2));
  if (command.kind === 'help') {
    process.stdout.write(help);
    return exitCodes.quiet;
  }
  const { place, json } = command;
  const alarms =
    place.kind === 'local'
      ? await readLocalAlarms(place.directory)
      : await readDeployedAlarms(place.name, place.access);
  process.stdout.write(json ? `${printableJson(alarms)}\n` : alarmsText(alarms));
  return alarms.some(({ state }) => state === 'ALARM') ? exitCodes.firing : exitCodes.quiet;
}

// Whoever reads the output has had enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCodes.quiet : exitCodes.unknown);
});

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`alarms: ${message.split('\n').map(printable).join('\n')}\n`);
    // That nothing is known is not that something is in ALARM.
    process.exitCode = exitCodes.unknown;
  },
);
