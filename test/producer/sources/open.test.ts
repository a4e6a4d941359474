import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { parseTraffic, type TrafficValues } from '../../../producer/command/options';
import type { SourceItem } from '../../../producer/sources/event-source';
import { openSource } from '../../../producer/sources/open';
import type { FileInput, TrafficInput } from '../../../producer/sources/traffic-input';
import { createVirtualClock } from '../../support/virtual-clock';

const folder = mkdtempSync(join(tmpdir(), 'producer-open-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, contents: string | Buffer | object): string {
  const path = join(folder, name);
  const isText = typeof contents === 'string' || Buffer.isBuffer(contents);
  writeFileSync(path, isText ? contents : JSON.stringify(contents));
  return path;
}

const ended = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

function file(lines: readonly string[], overrides: Partial<FileInput> = {}): FileInput {
  const paths = [write('events.ndjson', ended(lines))];
  return {
    kind: 'file',
    paths,
    format: 'ndjson',
    time: 'original',
    speed: 1,
    partitionKey: undefined,
    exclude: undefined,
    ...overrides,
  };
}

const generated = (values: TrafficValues) => parseTraffic(values).input;

const clock = createVirtualClock(Date.parse('2026-06-01T12:00:00.000Z'));

async function readAll(
  input: TrafficInput,
  most = Number.POSITIVE_INFINITY,
  stdin?: Readable,
): Promise<SourceItem[]> {
  const { signal } = new AbortController();
  const items: SourceItem[] = [];
  for await (const item of await openSource(input, { clock, signal, stdin })) {
    items.push(item);
    if (items.length >= most) break;
  }
  return items;
}

function timestamps(items: readonly SourceItem[]): unknown[] {
  return items.map((item) =>
    item.ok ? JSON.parse(Buffer.from(item.data).toString()).timestamp : item.reason,
  );
}

describe('every source', () => {
  const line = '203.0.113.9 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 1 "-" "x"';
  it.each<[string, () => TrafficInput]>([
    ['clicks', () => generated({ seed: 's' })],
    ['a template', () => generated({ seed: 's', template: write('own.json', { id: '{{random.uuid}}' }) })],
    ['NDJSON', () => file(['{"visitorId":"a"}', '{"visitorId":"b"}', '{"visitorId":"c"}'])],
    ['NDJSON, moved', () => file(['{"timestamp":"2026-01-01T00:00:00Z"}', '{}', '{}'], { time: 'now' })],
    ['a log', () => file([line, line, line], { format: 'combined' })],
  ])('gives each event memory of its own, so that one that waits holds no more: %s', async (_, input) => {
    const items = await readAll(input(), 3);

    expect(items).toHaveLength(3);
    for (const item of items)
      expect(item.ok && item.data.buffer.byteLength).toBe(item.ok && item.data.length);
  });
});

describe('an input of lines', () => {
  it('counts blank lines, and passes over them in silence', async () => {
    const items = await readAll(file(['', '{"a":1}', ' \t', 'nonsense']));

    expect(items.map(({ ok, line }) => ({ ok, line }))).toEqual([
      { ok: true, line: 2 },
      { ok: false, line: 4 },
    ]);
  });

  it('with --time now ends now, every event moved by the same span', async () => {
    const lines = ['2015-01-01T10:00:00Z', '2015-01-02T10:00:00.250Z', 'never', '2015-01-02T09:00:00+00:00'];
    const input = file(
      lines.map((timestamp) => JSON.stringify({ timestamp })),
      { time: 'now' },
    );

    expect(timestamps(await readAll(input))).toEqual([
      '2026-05-31T11:59:59.750Z',
      '2026-06-01T12:00:00.000Z',
      'never',
      '2026-06-01T10:59:59.750Z',
    ]);
  });

  it('with --time now is left alone where no event has a time', async () => {
    expect(timestamps(await readAll(file(['{"timestamp":"?"}'], { time: 'now' })))).toEqual(['?']);
  });

  it('may be standard input', async () => {
    const items = await readAll(
      { ...file([]), paths: ['-'] },
      undefined,
      Readable.from([Buffer.from('{"a":1}\n{}')]),
    );

    expect(items.map(({ line }) => line)).toEqual([1, 2]);
  });

  it('ends in silence when it is aborted, even while it waits', async () => {
    const stop = new AbortController();
    const stdin = new PassThrough();
    const source = await openSource({ ...file([]), paths: ['-'] }, { clock, signal: stop.signal, stdin });
    const items = source[Symbol.asyncIterator]();
    stdin.write('{"a":1}\n');
    expect((await items.next()).value).toMatchObject({ line: 1 });
    const next = items.next();
    stop.abort();

    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('that is not there is a mistake with a name', async () => {
    await expect(readAll(file([], { paths: ['/no/such.log'] }))).rejects.toThrow(
      /^--input \/no\/such.log cannot be read: it is not there/,
    );
  });

  it('that is a directory is a mistake', async () => {
    await expect(readAll(file([], { paths: [folder] }))).rejects.toThrow(`--input ${folder} is a directory`);
  });

  it('that can be read only once cannot be moved to now', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);

    await expect(readAll(file([], { paths: [path], time: 'now' }))).rejects.toThrow(
      '--time now reads the input twice',
    );
  });
});

describe('an input of any kind', () => {
  const combined = (second: number, page: string) =>
    `203.0.113.9 - - [17/May/2015:10:05:${String(second).padStart(2, '0')} +0000] "GET ${page} HTTP/1.1" 200 1 "-" "x"`;
  const pages = (items: readonly SourceItem[]) =>
    items.map((item) => (item.ok ? JSON.parse(Buffer.from(item.data).toString()).page : item.reason));

  it('says where each of its events and its bad lines stands', async () => {
    const input = file(['{"a":1}', 'nonsense']);
    const [path] = input.paths;

    expect(await readAll(input)).toEqual([
      expect.objectContaining({ ok: true, file: path, line: 1, resumeKey: '1:1' }),
      { ok: false, file: path, line: 2, reason: 'not a JSON object', bytes: Buffer.from('nonsense') },
    ]);
  });

  it('may be gzip, as a file and on standard input, whatever its name', async () => {
    const text = ended([combined(1, '/a'), combined(2, '/b')]);
    const zipped = Buffer.concat([gzipSync(text), gzipSync(`${combined(3, '/c')}\n`)]);
    const input = file([], { paths: [write('access.log', zipped)], format: 'combined' });

    expect(pages(await readAll(input))).toEqual(['/a', '/b', '/c']);
    const piped = await readAll({ ...input, paths: ['-'] }, undefined, Readable.from([zipped]));
    expect(pages(piped)).toEqual(['/a', '/b', '/c']);
    expect(piped.map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it('that is gzip and cut off fails by its name', async () => {
    const path = write('cut.log.gz', gzipSync(ended([combined(1, '/a')])).subarray(0, -3));

    await expect(readAll(file([], { paths: [path], format: 'combined' }))).rejects.toThrow(
      `--input ${path} is gzip, and damaged or cut off: unexpected end of file`,
    );
  });

  it('may be several files, merged by time, equal lines of which are different events', async () => {
    const first = write('1.log', ended([combined(1, '/a'), 'nonsense', combined(5, '/b')]));
    const second = write('2.log.gz', gzipSync(ended([combined(1, '/a'), combined(3, '/c')])));
    const input = file([], { paths: [first, second], format: 'combined' });
    const items = await readAll(input);
    const events = items.filter((item) => item.ok);
    const ids = events.map(({ data }) => JSON.parse(Buffer.from(data).toString()).eventId);
    const alone = await readAll({ ...input, paths: [first] });

    // At one time the first file comes first, and a bad line with the line before it.
    expect(pages(items)).toEqual(['/a', 'not a line of a combined access log', '/a', '/c', '/b']);
    expect(events.map(({ resumeKey }) => resumeKey)).toEqual(['1:1', '2:1', '2:2', '1:3']);
    expect(new Set(ids).size).toBe(4);
    expect(alone[0]).toEqual(items[0]);
  });

  it('of several files moves to now as one', async () => {
    const paths = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:09Z'].map((timestamp, index) =>
      write(`${index}.ndjson`, { timestamp }),
    );

    expect(timestamps(await readAll(file([], { paths, time: 'now' })))).toEqual([
      '2026-06-01T11:59:51.000Z',
      '2026-06-01T12:00:00.000Z',
    ]);
  });

  it('has headers of its own in each CloudFront log', async () => {
    const paths = [
      write('1.cf', '#Fields: date time c-ip cs-uri-stem\n2026-01-01\t00:00:01\t192.0.2.1\t/one\n'),
      write('2.cf', '#Fields: cs-uri-stem c-ip date time\n/two\t192.0.2.1\t2026-01-01\t00:00:02\n'),
      write('3.cf', '2026-01-01\t00:00:00\t192.0.2.1\t/three\n'),
    ];
    const items = await readAll(file([], { paths, format: 'cloudfront' }));

    expect(pages(items)).toEqual(['no "#Fields:" line before it says what its columns are', '/one', '/two']);
  });

  it('is replayed from now on, by its gaps', async () => {
    const input = file([combined(10, '/a'), combined(14, '/b'), combined(12, '/c')], {
      format: 'combined',
      time: 'replay',
      speed: 2,
    });
    const items = await readAll(input);

    expect(timestamps(items)).toEqual([
      '2026-06-01T12:00:00.000Z',
      '2026-06-01T12:00:02.000Z',
      '2026-06-01T12:00:01.000Z',
    ]);
    expect(items.map((item) => item.ok && item.dueMs)).toEqual([0, 2000, 2000]);
  });

  it('is read no further than it is asked for, whatever its size', async () => {
    let chunks = 0;
    const stdin = new Readable({
      highWaterMark: 1,
      read() {
        chunks++;
        this.push(Buffer.from('{"a":1}\n'.repeat(100)));
      },
    });
    const source = await openSource(file([], { paths: ['-'] }), {
      clock,
      signal: new AbortController().signal,
      stdin,
    });
    let read = 0;
    let mostAhead = 0;
    for await (const _item of source) {
      read++;
      mostAhead = Math.max(mostAhead, chunks * 100 - read);
      if (read === 50_000) break;
    }

    expect(mostAhead).toBeLessThanOrEqual(400);
  });
});

describe('generated events', () => {
  it('of one seed are the same bytes, on a simulated clock', async () => {
    const input = generated({ seed: 'five' });
    const first = await readAll(input, 40);

    expect(timestamps(first).slice(0, 2)).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z']);
    expect(await readAll(input, 40)).toEqual(first);
  });

  it('happen now if asked to', async () => {
    const items = await readAll(generated({ seed: 'five', time: 'now' }), 1);

    expect(timestamps(items)).toEqual(['2026-06-01T12:00:00.000Z']);
  });

  it('without a seed differ each time', async () => {
    const input = generated({});

    expect(await readAll(input, 1)).not.toEqual(await readAll(input, 1));
  });

  it('have names if there is a seed, since another run can have them', async () => {
    const [seeded, other] = [{ seed: 's' }, {}].map((values) => readAll(generated(values), 2));

    expect((await seeded!).map((item) => item.ok && item.resumeKey)).toEqual(['1', '2']);
    expect((await other!).map((item) => item.ok && item.resumeKey)).toEqual([undefined, undefined]);
  });

  it('may come from a site of one’s own, in its own rhythm', async () => {
    const site = write('site.json', { eventsPerSecond: 4, pages: [{ path: '/only' }] });
    const items = await readAll(generated({ site, seed: 's' }), 3);

    expect(items.map((item) => item.ok && item.event?.page)).toEqual(['/only', '/only', '/only']);
    expect(timestamps(items)).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.250Z',
      '2026-01-01T00:00:00.500Z',
    ]);
    const replay = await readAll(generated({ site, time: 'replay', speed: '10' }), 3);
    expect(replay.map((item) => item.ok && item.dueMs)).toEqual([0, 25, 50]);
    expect(timestamps(replay)[2]).toBe('2026-06-01T12:00:00.050Z');
  });

  it('may come from a template, the same for the same seed, each different', async () => {
    const template = write('template.json', '{"id":"{{random.uuid}}",\n "t":"{{date.now}}"}\n');
    const input = generated({ template, seed: 's' });
    const texts = (await readAll(input, 3)).map((item) => item.ok && Buffer.from(item.data).toString());

    expect(texts[1]).toMatch(/^\{"id":"[0-9a-f-]{36}","t":"2026-01-01T00:00:01\.000Z"\}$/);
    expect(new Set(texts).size).toBe(3);
    expect((await readAll(input, 3)).map((item) => item.ok && Buffer.from(item.data).toString())).toEqual(
      texts,
    );
  });

  it.each([
    ['a site that is not there', { site: '/no/such' }, '--site /no/such cannot be read: it is not there'],
    [
      'a template that is not there',
      { template: '/no/such' },
      '--template /no/such cannot be read: it is not there',
    ],
    ['a site that is no JSON', { site: write('bad.json', '{') }, 'bad.json is not JSON: '],
    [
      'a site that is none',
      { site: write('none.json', '{}') },
      'none.json is no site model: pages is missing',
    ],
    [
      'a template that is none',
      { template: write('t.json', '{{x}}') },
      't.json: {{x}} is not known; allowed: random.uuid',
    ],
  ])('from %s are a mistake with a name', async (_what, values, message) => {
    await expect(readAll(generated(values), 1)).rejects.toThrow(message);
  });
});

describe('a byte order mark', () => {
  const mark = '\ufeff';
  const click =
    '{"eventId":"m1","type":"t","timestamp":"2026-05-01T00:00:00.000Z","visitorId":"v","page":"/m"}';
  const logged = '198.51.100.61 - - [03/Apr/2026:07:08:09 +0000] "GET /m HTTP/1.1" 200 7 "-" "UA"';
  const fields = '#Fields: date time c-ip cs-uri-stem\n2026-05-01\t00:00:00\t198.51.100.61\t/m';
  const access = '{"ts":1772597167,"ip":"198.51.100.61","uri":"/m"}';

  it.each<[FileInput['format'], string]>([
    ['ndjson', click],
    ['combined', logged],
    ['vhost_combined', `shop.example ${logged}`],
    ['common', logged],
    ['json-access', access],
    ['cloudfront', fields],
  ])('at the start of a file belongs to no line of the format %s', async (format, contents) => {
    const read = async (name: string, bytes: Buffer) => {
      const items = await readAll(file([], { format, paths: [write(name, bytes)] }));
      return items.map((item) => (item.ok ? Buffer.from(item.data).toString() : item.reason));
    };
    const plain = await read('plain', Buffer.from(`${contents}\n`));

    expect(plain).toEqual([expect.stringContaining('"page":"/m"')]);
    expect(await read('marked', Buffer.from(`${mark}${contents}\n`))).toEqual(plain);
    expect(await read('utf-16', Buffer.from(`${mark}${contents}\n`, 'utf16le'))).toEqual(plain);
  });
});
