import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeArguments } from '../../cli/node-arguments';
import { temporaryFolder } from '../support/temporary-folder';
import { runToExit } from './local-pipeline';

const dataDir = join(temporaryFolder('full-disk'), 'state');
const root = join(__dirname, '..', '..');

/**
 * No test may fill the machine's disk. A limit on the size of files fails writes in the middle like a full one, with
 * other words; Node ignores the signal that comes with it.
 */
const largestFileKib = 3_072;

describe('A disk without room', () => {
  it('stops the pipeline with a clear message, and leaves nothing that the next start could not go on from', async () => {
    const command = [
      `ulimit -f ${largestFileKib}; exec "$0" ${nodeArguments.join(' ')} local/cli.ts`,
      ...[process.execPath, '--data-dir', dataDir, '--port', '0', '--rate', '2000'],
    ];
    const child = spawn('bash', ['-c', `${command[0]} "$@"`, ...command.slice(1)], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    expect(stderr).toContain('The pipeline had to stop: there is no room on the disk for more');
    expect(stderr).toContain('Its state is kept; it goes on from there when it is started again.');
    expect(code).toBe(1);

    const after = await runToExit(dataDir, '--no-producer');
    expect(after.result).toMatchObject({ exact: true, onFailure: 0 });
    expect(after.result.accepted).toBeGreaterThan(1_000);
    expect(after.code).toBe(0);
  }, 180_000);
});
