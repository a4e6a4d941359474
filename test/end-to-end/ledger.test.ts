import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Command } from '../../chaos/child';
import { startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';
import { runCommand } from './local-pipeline';

const folder = temporaryFolder('ledger-local');
const root = resolve(__dirname, '../..');
const patienceMs = 40_000;

let pipeline: Command;
beforeAll(async () => {
  const settings = ['batchingWindowSeconds=0', 'archiveBufferSeconds=0', 'transformerBufferSeconds=0'];
  const context = settings.flatMap((setting) => ['-c', setting]);
  pipeline = runCommand('local', '--data-dir', folder, '--port', '0', '--no-producer', ...context);
  await pipeline.says('Ctrl-C delivers');
}, 60_000);
afterAll(async () => {
  pipeline.child.kill('SIGINT');
  await pipeline.ended;
}, 60_000);

describe('The ledger of a run to the pipeline on this machine', () => {
  it('agrees with stream, archive and counters, whatever was injected', async () => {
    const ledger = join(folder, 'sent.ledger');
    const traffic = [
      '--seed',
      'seven',
      '--count',
      '400',
      '--max',
      '--late',
      '5%',
      '--malformed',
      '5%',
      '--duplicates',
      '5%',
    ];
    const produce = ['--local', folder, ...traffic, '--pack', 'kpl', '--ledger', ledger, '--quiet'];
    const produced = await startCommand(join(root, 'producer/cli.ts'), produce, { cwd: folder }).finished;
    expect(produced).toMatchObject({ code: 0, stderr: '' });

    // Counters and archive follow the stream some seconds later.
    const until = Date.now() + patienceMs;
    for (;;) {
      const verify = ['verify', '--ledger', ledger, '--local', folder, '--json'];
      const { code, stdout } = await startCommand(join(root, 'recover/cli.ts'), verify, { cwd: folder })
        .finished;
      if (code !== 0 && Date.now() < until) {
        await setTimeout(500);
        continue;
      }
      expect({ code, ...JSON.parse(stdout).ledger }).toMatchObject({
        code: 0,
        exact: true,
        ledger: { accepted: 400 },
        ...{ found: 400, archived: 400, counted: 400 },
      });
      return;
    }
  }, 90_000);
});
