import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTraffic, type TrafficValues } from '../../../producer/command/options';
import { checkResumable, type LedgerHeader, makeHeader, parseHeader } from '../../../producer/ledger/header';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder('ledger-header');
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const log = file('a.log', 'abc\ndef\n');
const copy = file('copy.log', 'abc\ndef\n');
const longer = file('longer.log', 'abc\ndef\nghi\n');
const other = file('other.log', 'xbc\ndef\n');
const startedAt = Date.parse('2026-03-04T05:06:07Z');

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** As it is written and read again. */
async function header(values: TrafficValues, stream = 'clicks'): Promise<LedgerHeader> {
  const made = await makeHeader(parseTraffic(values).input, stream, startedAt);
  return parseHeader(JSON.parse(JSON.stringify(made)), 'L');
}

describe('the header of a ledger', () => {
  it('identifies the input and the options that decide its events', async () => {
    expect(await header({ input: log, format: 'common', rate: '7', count: '9' })).toEqual({
      ledger: 1,
      startedAt: '2026-03-04T05:06:07.000Z',
      stream: 'clicks',
      options: { kind: 'file', format: 'common', time: 'original', speed: 1 },
      files: [{ path: log, bytes: 8, hashedBytes: 8, sha256: sha256('abc\ndef\n') }],
    });
  });

  it.each<[TrafficValues, TrafficValues]>([
    [{ input: log }, { input: log, rate: '5', count: '7' }],
    [{ input: log }, { input: copy }],
    [{ seed: '7' }, { seed: '7', max: true }],
  ])('allows to go on with %j by %j', async (before, now) => {
    const [was, is] = [await header(before), await header(now)];
    expect(() => checkResumable(was, is, 'L')).not.toThrow();
  });

  it.each<[TrafficValues, TrafficValues, string]>([
    [
      { input: log },
      { input: longer },
      `${longer} has 12 bytes, and ${log} had 8: it is another file, or changed`,
    ],
    [{ input: log }, { input: other }, `${other} does not begin as ${log} did: it is another file`],
    [{ input: [log, other] }, { input: [other, log] }, `${other} does not begin as ${log} did`],
    [{ input: log }, { input: [log, other] }, 'it is of 1 files, and not of 2'],
    [{ input: log }, { input: log, format: 'common' }, 'it was begun with format "ndjson", and not "common"'],
    [{ input: log }, { input: log, time: 'now' }, 'it was begun with time "original", and not "now"'],
    [
      { input: log, time: 'replay' },
      { input: log, time: 'replay', speed: '3' },
      'it was begun with speed 1, and not 3',
    ],
    [
      { input: log },
      { input: log, 'partition-key': 'u' },
      'it was begun with partitionKey not set, and not "u"',
    ],
    [{ seed: '7' }, { seed: '8' }, 'it was begun with seed "7", and not "8"'],
    [{ seed: '7' }, { seed: '7', late: '0.1' }, 'it was begun with injections {'],
    [{ seed: '7' }, { seed: '7', site: other }, 'it was begun with model "built-in", and not "site"'],
    [{ seed: '7', site: log }, { seed: '7', site: other }, `${other} does not begin as ${log} did`],
    [{ seed: '7' }, { input: log }, 'it is of generated events, and not of an --input'],
    [{}, { seed: '7' }, 'its events were generated without --seed, so nothing can generate them again'],
    [{ input: '-' }, { input: log }, 'its input - is no regular file, and cannot be read again'],
  ])('refuses to go on with %j by %j', async (before, now, message) => {
    const [was, is] = [await header(before), await header(now)];
    expect(() => checkResumable(was, is, 'L')).toThrow(`--resume L: ${message}`);
  });

  it('refuses to go on with another stream', async () => {
    const [was, is] = [await header({ input: log }), await header({ input: log }, 'taps')];
    expect(() => checkResumable(was, is, 'L')).toThrow('--resume L: it is of stream clicks, and not of taps');
  });

  it('takes nothing from a pipe', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);

    expect((await header({ input: pipe })).files).toEqual([{ path: pipe }]);
  });
});
