import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { dryRun } from '../../producer/dry-run';
import { parseTraffic, type TrafficValues } from '../../producer/options';
import { createVirtualClock } from '../support/virtual-clock';

const folder = mkdtempSync(join(tmpdir(), 'producer-dry-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(values: TrafficValues) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const ports = { stdin: Readable.from([]), stdout, stderr, clock: createVirtualClock() };
  await dryRun(parseTraffic(values), { ...ports, signal: new AbortController().signal });
  stdout.end();
  stderr.end();
  return { stdout: await out, stderr: await err };
}

describe('a dry run', () => {
  it('counts what was injected, and prints the same bytes for the same seed', async () => {
    const values = { seed: 's', count: '200', duplicates: '20%', late: '10%' };
    const [first, second] = [await run(values), await run(values)];

    expect(first.stdout.trimEnd().split('\n')).toHaveLength(200);
    expect(first.stderr).toMatch(
      /^dry run: 200 events, [1-9]\d duplicate, [1-9]\d? late, 0 lines skipped\n$/,
    );
    expect(second).toEqual(first);
  });

  it('names the file of a line that it skips, where there are several', async () => {
    const input = ['{"a":1}\n', 'x\n'].map((contents, index) => {
      const path = join(folder, `${index}.ndjson`);
      writeFileSync(path, contents);
      return path;
    });

    expect((await run({ input })).stderr).toBe(
      `${input[1]}: line 1 skipped: not a JSON object\ndry run: 1 events, 1 lines skipped\n`,
    );
    expect((await run({ input: input[1] })).stderr).toContain('line 1 skipped: not a JSON object\n');
  });
});
