import { hash64 } from '../../../domain/hash64';
import { emptySketch, type Precision, touch, touchOf } from '../../../domain/sketch';
import { encodeSketch } from '../../../domain/sketch-bytes';
import type { UniqueScope } from '../../../domain/uniques';
import { compareContents } from '../../../local/agreement/agreement';
import type { ArchiveContents } from '../../../local/agreement/archive-contents';
import {
  type Counters,
  countsOf,
  readStreamContents,
  type StreamContents,
} from '../../../local/agreement/stream-contents';
import type { TableContents } from '../../../local/agreement/table-contents';
import { clickJson } from '../../support/click-factory';
import { createFakeStream } from '../../support/fake-stream-reader';
import { createVirtualClock } from '../../support/virtual-clock';

const [left, right] = ['shardId-000000000000', 'shardId-000000000001'] as const;
const arrivedAt = Date.parse('2026-03-01T11:30:00Z');
const poison = Buffer.from('no json').toString('base64');

interface Contents {
  readonly stream: StreamContents;
  readonly table: {
    readonly counters: Counters;
    readonly others: Map<string, number>;
    readonly sketches: Map<string, Map<string, Uint8Array>>;
  };
  readonly archive: { lines: number; rejected: number; lineIds: Set<string>; rawKeys: Map<string, number> };
  onFailure: number;
  /** The archive's line of each event, by what it was. */
  readonly lines: { readonly single: string; readonly packed: readonly string[] };
}

/** A stream of four records, whose events are all late, and a table and an archive that agree with it. */
async function agreeing(uniqueVisitors: 'off' | UniqueScope): Promise<Contents> {
  const fake = createFakeStream({ clock: createVirtualClock(arrivedAt), shardIds: [left, right] });
  const single = fake.put(left, clickJson({ page: '/single' }));
  const packed = fake.put(
    right,
    [clickJson({ page: '/a' }), 'no event', clickJson({ page: '/b' })].join('\n'),
  );
  for (let i = 0; i < 2; i++) fake.put(right, 'no json');
  const stream = await readStreamContents('clicks', fake.reader, {
    deduplicationSeconds: 0,
    uniqueVisitors,
  });

  const lines = {
    single: `${left} ${single.sequenceNumber} 0`,
    packed: [0, 1, 2].map((index) => `${right} ${packed.sequenceNumber} ${index}`),
  };
  return {
    stream,
    table: {
      counters: new Map([...stream.counters].map(([item, counts]) => [item, new Map(counts)])),
      others: new Map(),
      sketches: new Map([...stream.sketches].map(([item, held]) => [item, new Map(held)])),
    },
    archive: {
      lines: 4,
      rejected: 2,
      lineIds: new Set([lines.single, ...lines.packed]),
      rawKeys: new Map([[`${arrivedAt} ${poison}`, 2]]),
    },
    onFailure: 0,
    lines,
  };
}

function sketchOf(precision: Precision, ids: readonly string[]): Uint8Array {
  const sketch = emptySketch(precision);
  for (const id of ids) touch(sketch, touchOf(precision, hash64(id)));
  return encodeSketch(sketch);
}

/** What comes of the comparison after one change. */
async function compared(change: (contents: Contents) => void, uniqueVisitors: 'off' | UniqueScope = 'page') {
  const contents = await agreeing(uniqueVisitors);
  change(contents);
  const table: TableContents = contents.table;
  const archive: ArchiveContents = { objects: 3, ...contents.archive };
  return compareContents(contents.stream, table, archive, contents.onFailure);
}

const pageItem = ({ table }: Contents, page: string): [string, Map<string, number>] =>
  [...table.counters].find(([item, counts]) => item.includes(' minute#') && counts.has(page))!;

describe('Stream, table and archive', () => {
  it('agree if each event is counted once and archived at least once', async () => {
    expect(await compared(() => {})).toEqual({
      accepted: 6,
      aggregated: { valid: 3, duplicates: 0, invalid: 3, late: 3 },
      archived: { objects: 3, lines: 4, distinct: 4 },
      rejected: 2,
      onFailure: 0,
      exact: true,
      differences: [],
    });
  });

  it('are told apart by the shard, and by the horizon, where producers sent events twice', async () => {
    const clock = createVirtualClock(arrivedAt);
    const fake = createFakeStream({ clock, shardIds: [left, right] });
    const sent = clickJson({ eventId: 'sent twice' });
    for (const shardId of [left, left, right]) fake.put(shardId, sent);
    await clock.advance(400_000);
    fake.put(left, sent);
    const totals = async (deduplicationSeconds: number) => {
      const options = { deduplicationSeconds, uniqueVisitors: 'off' as const };
      const { counters, accepted } = await readStreamContents('clicks', fake.reader, options);
      const sum = (dimension: string) =>
        [left, right].map((shardId) => {
          const item = `${dimension}#0 hour#2026-03-01T09:00:00Z#clicks/${shardId}`;
          return [...(counters.get(item)?.values() ?? [])][0];
        });
      return { accepted, all: sum('total'), duplicates: sum('duplicate') };
    };

    expect(await totals(300)).toEqual({ accepted: 4, all: [2, 1], duplicates: [1, undefined] });
    expect(await totals(600)).toEqual({ accepted: 4, all: [1, 1], duplicates: [2, undefined] });
    expect(await totals(0)).toEqual({ accepted: 4, all: [3, 1], duplicates: [undefined, undefined] });
  });

  it('agree although a line and a rejected record were delivered twice', async () => {
    const agreement = await compared(({ archive }) => {
      archive.lines++;
      archive.rejected++;
      archive.rawKeys.set(`${arrivedAt} ${poison}`, 3);
    });

    expect(agreement).toMatchObject({ exact: true, archived: { lines: 5, distinct: 4 }, rejected: 3 });
  });

  it('agree although a good record is only under the error prefix, whole', async () => {
    const agreement = await compared(({ stream, archive, lines }) => {
      archive.lineIds.delete(lines.single);
      const { rawKey } = stream.records.find((record) => record.lines[0] === lines.single)!;
      archive.rawKeys.set(rawKey, 1);
    });

    expect(agreement.exact).toBe(true);
  });

  it('agree although sketches are left of what is not counted any more', async () => {
    const left = (contents: Contents) =>
      contents.table.sketches.set('unique-visitors-page#3 hour#x', new Map([['s:/no', new Uint8Array()]]));
    expect(await compared(left, 'total')).toMatchObject({ exact: true });
  });

  const sketchItem = `unique-visitors-total#0 day#2026-03-01T00:00:00Z#clicks/${left}`;
  const itemOf = (dimension: string) =>
    `${dimension} minute#2026-03-01T09:59:00Z#clicks/shardId-000000000000`;
  it.each<[string, (contents: Contents) => void, string | RegExp]>([
    [
      'a counter that is too high',
      (contents) => pageItem(contents, '/single')[1].set('/single', 2),
      /^page#\d+ minute#2026-03-01T09:59:00Z#clicks\/shardId-000000000000 \/single: 2 counted, 1 in the stream$/,
    ],
    [
      'a counter that is too low',
      ({ table }) => table.counters.get(itemOf('total#0'))!.set('all', 0),
      `${itemOf('total#0')} all: 0 counted, 1 in the stream`,
    ],
    [
      'a counter that is missing',
      (contents) => pageItem(contents, '/single')[1].delete('/single'),
      /\/single: 0 counted, 1 in the stream$/,
    ],
    [
      'an item that is missing',
      ({ table }) => table.counters.delete(itemOf('type#0')),
      `${itemOf('type#0')} page_view: 0 counted, 1 in the stream`,
    ],
    [
      'a counter that nobody sent',
      ({ table }) => table.counters.get(itemOf('type#0'))!.set('click', 5),
      `${itemOf('type#0')} click: 5 counted, 0 in the stream`,
    ],
    [
      'an item that nobody sent',
      ({ table }) => countsOf(table.counters, 'total#0 hour#1999-12-31T23:00:00Z#x').set('all', 7),
      'total#0 hour#1999-12-31T23:00:00Z#x all: 7 counted, 0 in the stream',
    ],
    [
      'a sketch that is missing',
      ({ table }) => table.sketches.delete(sketchItem),
      `${sketchItem} s:all: the stream's sketch is missing`,
    ],
    [
      'a sketch with a register too many',
      ({ table }) => table.sketches.get(sketchItem)!.set('s:all', sketchOf(12, ['visitor-1', 'stranger'])),
      `${sketchItem} s:all: not the sketch of the stream`,
    ],
    [
      'a sketch with a register too few',
      ({ table }) => table.sketches.get(sketchItem)!.set('s:all', encodeSketch(emptySketch(12))),
      `${sketchItem} s:all: not the sketch of the stream`,
    ],
    [
      'a sketch of a page that nobody saw',
      ({ table }) =>
        table.sketches.set('unique-visitors-page#3 hour#x', new Map([['s:/no', new Uint8Array()]])),
      'unique-visitors-page#3 hour#x s:/no: a sketch of what is not in the stream',
    ],
    [
      'values without room that do not add up',
      ({ table }) => table.others.set(itemOf('type#0'), 4),
      `${itemOf('type#0')}: 5 counted, 1 in the stream`,
    ],
    [
      'a line of a packed record that is missing',
      ({ archive, lines }) => archive.lineIds.delete(lines.packed[1]!),
      /^line shardId-000000000001 \d+ 1 is not in the archive$/,
    ],
    [
      'a record of which no line is archived',
      ({ archive, lines }) => archive.lineIds.delete(lines.single),
      `1 records that arrived at ${arrivedAt} are in no object`,
    ],
    [
      'an archived line that nobody sent',
      ({ archive }) => archive.lineIds.add(`${left} 7 0`),
      '1 archived lines are not in the stream (any more)',
    ],
    [
      'a rejected record that is missing, though its like is there',
      ({ archive }) => archive.rawKeys.set(`${arrivedAt} ${poison}`, 1),
      `1 records that arrived at ${arrivedAt} are in no object`,
    ],
    [
      'a rejected record that nobody sent',
      ({ archive }) => archive.rawKeys.set(`${arrivedAt + 1} ${poison}`, 2),
      '1 rejected records are not in the stream (any more)',
    ],
    [
      'records in on-failure objects',
      (contents) => {
        contents.onFailure = 8;
      },
      '8 records were given up and are in on-failure objects',
    ],
  ])('disagree for %s', async (_, change, difference) => {
    const agreement = await compared(change);

    expect(agreement.exact).toBe(false);
    expect(agreement.differences).toEqual([
      typeof difference === 'string' ? difference : expect.stringMatching(difference),
    ]);
  });

  it('agree where an item had no room for a value, if all is counted in the sum', async () => {
    const agreement = await compared(({ table }) => {
      table.counters.get(itemOf('type#0'))!.delete('page_view');
      table.others.set(itemOf('type#0'), 1);
    });

    expect(agreement.exact).toBe(true);
  });

  it('say the first ten differences, however many there are', async () => {
    const agreement = await compared(({ table }) => table.counters.clear());

    expect(agreement).toMatchObject({ exact: false, aggregated: { valid: 0, invalid: 0, late: 0 } });
    expect(agreement.differences).toHaveLength(10);
  });
});
