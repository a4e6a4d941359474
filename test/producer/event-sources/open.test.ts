import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { SourceItem } from '../../../producer/event-sources/event-source';
import { openSource } from '../../../producer/event-sources/open';
import type { FileInput, TrafficInput } from '../../../producer/options';
import { createVirtualClock } from '../../support/virtual-clock';

const folder = mkdtempSync(join(tmpdir(), 'producer-open-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(lines: readonly string[], overrides: Partial<FileInput> = {}): FileInput {
  const path = join(folder, 'events.ndjson');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return { kind: 'file', path, format: 'ndjson', time: 'original', ...overrides };
}

const clock = createVirtualClock(Date.parse('2026-06-01T12:00:00.000Z'));

async function readAll(
  input: TrafficInput,
  most = Number.POSITIVE_INFINITY,
  stdin?: Readable,
): Promise<SourceItem[]> {
  const { signal } = new AbortController();
  const items: SourceItem[] = [];
  if (most === 0) return items;
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

describe('an input', () => {
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
      { ...file([]), path: '-' },
      undefined,
      Readable.from([Buffer.from('{"a":1}\n{}')]),
    );

    expect(items.map(({ line }) => line)).toEqual([1, 2]);
  });

  it('ends in silence when it is aborted, even while it waits', async () => {
    const stop = new AbortController();
    const stdin = new PassThrough();
    const source = await openSource({ ...file([]), path: '-' }, { clock, signal: stop.signal, stdin });
    const items = source[Symbol.asyncIterator]();
    stdin.write('{"a":1}\n');
    expect((await items.next()).value).toMatchObject({ line: 1 });
    const next = items.next();
    stop.abort();

    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('that is not there is a mistake with a name', async () => {
    await expect(readAll(file([], { path: '/no/such.log' }))).rejects.toThrow(
      /^--input \/no\/such.log cannot be read: ENOENT/,
    );
  });

  it('that is a directory is a mistake', async () => {
    await expect(readAll(file([], { path: folder }))).rejects.toThrow(`--input ${folder} is a directory`);
  });

  it('that can be read only once cannot be moved to now', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);

    await expect(readAll(file([], { path, time: 'now' }))).rejects.toThrow(
      '--time now reads the input twice',
    );
  });
});

describe('generated events', () => {
  it('of one seed are the same bytes, on a simulated clock', async () => {
    const input = { kind: 'synthetic', seed: 'five', time: 'original' } as const;
    const first = await readAll(input, 40);

    expect(timestamps(first).slice(0, 2)).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z']);
    expect(await readAll(input, 40)).toEqual(first);
  });

  it('happen now if asked to', async () => {
    const items = await readAll({ kind: 'synthetic', seed: 'five', time: 'now' }, 1);

    expect(timestamps(items)).toEqual(['2026-06-01T12:00:00.000Z']);
  });

  it('without a seed differ each time', async () => {
    const input = { kind: 'synthetic', seed: undefined, time: 'now' } as const;

    expect(await readAll(input, 1)).not.toEqual(await readAll(input, 1));
  });
});
