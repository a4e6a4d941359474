import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeArguments } from '../../cli/node-arguments';

describe('the measurement that npm run cost goes by', () => {
  it('measures every part, of events that are all valid', async () => {
    const script = join(__dirname, '../../bench/cli.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...nodeArguments,
      ...[script, 'cost', '--short', '--json'],
    ]);
    const { aggregator, transformer, write, archive, logs } = JSON.parse(stdout);

    expect(write).toBeGreaterThan(0);
    for (const { perInvocation, perRecord, perEvent, perByte } of [aggregator, transformer]) {
      expect(perInvocation + perRecord + perEvent + perByte).toBeGreaterThan(0);
    }
    // What the archive adds: an arrival, a place of 56 digits, and what is derived.
    expect(archive.perLine - archive.perEvent).toBeGreaterThan(200);
    expect(archive.compressed).toBeLessThan(archive.perLine / 3);
    expect(logs.aggregator.bytes).toBeGreaterThan(1_000);
  }, 60_000);
});
