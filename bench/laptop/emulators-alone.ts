import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { interruptSignal } from '../../cli/interrupt';
import { dataDirAt } from '../../emulators/data-dir';
import { startEmulators } from '../../emulators/start-emulators';

async function main(folder: string): Promise<void> {
  const signal = interruptSignal('');
  await mkdir(folder, { recursive: true });
  const emulators = await startEmulators(dataDirAt(folder), 0);
  await writeFile(join(folder, 'emulators.json'), JSON.stringify(emulators.endpoints));
  process.stderr.write('The emulators run\n');
  signal.addEventListener('abort', () => void emulators.close());
}

void main(process.argv[2]!);
