import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { dryRun } from '../../../producer/command/dry-run';
import { parseTraffic, type TrafficValues } from '../../../producer/command/options';
import { createVirtualClock } from '../../support/virtual-clock';

const folder = mkdtempSync(join(tmpdir(), 'producer-dry-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(values: TrafficValues) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [text(stdout), text(stderr)];
  const ports = { stdin: Readable.from([]), stdout, stderr, clock: createVirtualClock() };
  const isWrongInput = await dryRun(parseTraffic(values), { ...ports, signal: new AbortController().signal });
  stdout.end();
  stderr.end();
  return { stdout: await out, stderr: await err, isWrongInput };
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
      `${input[1]}: line 1 skipped: not a JSON object\ndry run: 1 event, 1 line skipped\n`,
    );
    expect((await run({ input: input[1] })).stderr).toContain('line 1 skipped: not a JSON object\n');
  });

  const lines = (count: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        `198.51.100.${index} - - [03/Apr/2026:07:08:09 +0000] "GET /s${index} HTTP/1.1" 200 7 "-" "UA"\n`,
    ).join('');
  const file = (name: string, contents: string) => {
    const path = join(folder, name);
    writeFileSync(path, contents);
    return path;
  };

  it('of a file in another format shows a few lines, their count, and the format that would read it', async () => {
    const { stdout, stderr, isWrongInput } = await run({ input: file('other.log', lines(40)) });

    expect(isWrongInput).toBe(true);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      ...[1, 2, 3, 4, 5].map((line) => `line ${line} skipped: not a JSON object`),
      '35 more lines skipped, 40 in all',
      'the lines skipped look like --format combined, and were read as ndjson',
      'dry run: 0 events, 40 lines skipped',
      '',
    ]);
  });

  it.each([
    ['{"eventId":"7","page":"/a"}', ' look like --format ndjson'],
    // Caddy's log, which no format reads.
    ['{"ts":1.5,"request":{"remote_ip":"192.0.2.1","uri":"/a"}}', undefined],
  ])('calls NDJSON only what are events: %s', async (line, hint) => {
    const { stderr } = await run({ input: file('json.log', `${line}\n`), format: 'json-access' });

    expect(/ look like .* \w+/.exec(stderr)?.[0].split(',')[0]).toBe(hint);
  });

  it.each([
    ['has an event', `${lines(1)}nonsense\n`, {}],
    ['is empty', '', {}],
    ['has only pages that are left out', `${lines(1)}nonsense\n`, { exclude: '/s*' }],
  ])('does not take an input for a wrong one that %s', async (_what, contents, more) => {
    const { isWrongInput } = await run({ input: file('some.log', contents), format: 'combined', ...more });

    expect(isWrongInput).toBe(false);
  });

  it('leaves out pages, and counts them', async () => {
    const input = file('pages.log', lines(12));
    const { stdout, stderr } = await run({ input, format: 'combined', exclude: ['/s1*', '/s7'] });

    expect(stdout.match(/"page":"[^"]*"/g)).toEqual(
      [0, 2, 3, 4, 5, 6, 8, 9].map((number) => `"page":"/s${number}"`),
    );
    expect(stderr).toBe('dry run: 8 events, 0 lines skipped, 4 lines excluded\n');
  });
});
