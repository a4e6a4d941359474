import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

describe('the benchmark of a throttled producer', () => {
  it('ends with as many events accepted as the server took, none failed, and memory watched', async () => {
    const script = join(__dirname, '../../../bench/cli.ts');
    const args = ['producer-throttled', '--minutes', '0.05', '--share', '0.5', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, ...args]);

    const { read, accepted, failed, throttled, taken, minutes } = JSON.parse(stdout);
    expect({ read, failed, taken: taken.events }).toEqual({ read: accepted, failed: 0, taken: accepted });
    // The first second offers twice of what the shards take.
    expect(throttled).toBeGreaterThan(0);
    expect(accepted).toBeGreaterThan(10 * taken.records);
    expect(minutes[0].heapMiB.most).toBeGreaterThan(5);
  }, 90_000);
});
