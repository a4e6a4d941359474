import { join, resolve } from 'node:path';
import { startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('soak');
const root = resolve(__dirname, '../..');

describe('A short soak', () => {
  it('injects faults, kills the runner in the middle of the load, and finds everything in agreement', async () => {
    const args = [
      '--seed',
      'short',
      '--kills',
      '2',
      '--rate',
      '60',
      '--data-dir',
      join(folder, 'soak'),
      '--json',
    ];
    const { code, stdout, stderr } = await startCommand(join(root, 'chaos/cli.ts'), args, { cwd: folder })
      .finished;
    if (stdout === '') throw new Error(stderr);
    const result = JSON.parse(stdout);
    expect({ problems: result.problems, code }).toEqual({ problems: [], code: 0 });
    expect(result).toMatchObject({
      exact: true,
      acts: { 'kill -9 of the runner, started again': 2 },
      agreement: { exact: true, onFailure: 0 },
      comparison: { differences: [] },
      ledgers: [{ exact: true }, { exact: true }, { exact: true }],
    });
    expect(result.comparison.valid).toBeGreaterThan(100);
    for (const fault of ['cut after', 'error after', 'throttle'])
      expect(Object.keys(result.injected)).toContainEqual(expect.stringMatching(` ${fault}$`));
    expect(Object.keys(result.acts).length).toBeGreaterThan(4);
  }, 240_000);
});
