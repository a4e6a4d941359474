import { mkdirSync } from 'node:fs';
import { dataDirAt } from '../../emulators/data-dir';
import { startEmulators } from '../../emulators/start-emulators';

// The floor of a start-up: the three emulators in a process that does nothing else, until it is interrupted.

const folder = process.argv[2]!;
mkdirSync(folder, { recursive: true });
void startEmulators(dataDirAt(folder), 0).then((emulators) => {
  process.once('SIGINT', () => void emulators.close());
  process.stderr.write('The emulators run\n');
});
