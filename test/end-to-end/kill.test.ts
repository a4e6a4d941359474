import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killedAfterMoreBatches, untilMoreBatches } from './kill';
import { runCommand, runToExit } from './local-pipeline';

const folder = mkdtempSync(join(tmpdir(), 'kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('kill -9 of the running pipeline', () => {
  const dataDir = join(folder, 'killed');

  it('loses nothing and counts nothing twice, whenever it comes', async () => {
    // Buffers that stay open for longer than the pipeline lives: what is archived, is archived after the restart.
    const context = ['-c', 'batchSize=200', '-c', 'batchingWindowSeconds=0'];
    for (const moment of ['batch counted', 'batch transformed', 'batch counted']) {
      await killedAfterMoreBatches(dataDir, moment, ['--rate', '400', ...context]);
    }
    const { code, result } = await runToExit(dataDir, '--no-producer', ...context);
    expect(result.accepted).toBeGreaterThan(100);
    expect(result).toMatchObject({
      aggregated: { valid: result.accepted, invalid: 0 },
      archived: { distinct: result.accepted },
      onFailure: 0,
      exact: true,
    });
    expect(code).toBe(0);
  }, 120_000);
});

describe('Ctrl-C', () => {
  const dataDir = join(folder, 'stopped');

  it('delivers what is buffered, and ends with 0', async () => {
    const running = runCommand('local', '--data-dir', dataDir, '--port', '0', '--rate', '200');
    await untilMoreBatches(dataDir, 'batch counted', running.ended);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(stderr).toContain('Delivering what is buffered');
    expect(stdout).toBe('');
    expect(code).toBe(0);
    const after = await runToExit(dataDir, '--no-producer');
    expect(after.result).toMatchObject({ exact: true, archived: { lines: after.result.accepted } });
  }, 60_000);
});
