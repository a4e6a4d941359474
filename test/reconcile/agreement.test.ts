import { digestOf } from '../../domain/archive/error-object';
import { noCounts } from '../../domain/counters/delta';
import { emptyContent, type ItemAddress } from '../../domain/counters/item';
import { itemId } from '../../domain/counters/recount';
import { hash64 } from '../../domain/numbers/hash64';
import { emptySketch, type Precision, touch, touchOf } from '../../domain/visitors/sketch';
import { encodeSketch } from '../../domain/visitors/sketch-bytes';
import { type UniqueScope, uniquesFor } from '../../domain/visitors/uniques';
import { streamSource } from '../../local/agreement';
import { compareContents } from '../../reconcile/agreement';
import type { ArchiveContents } from '../../reconcile/archive-contents';
import { readStreamContents, type StreamContents } from '../../reconcile/stream-contents';
import type { ViewedItem } from '../../table/view';
import { clickJson } from '../support/click-factory';
import { createFakeStream } from '../support/fake-stream-reader';
import { createVirtualClock } from '../support/virtual-clock';

const [left, right] = ['shardId-000000000000', 'shardId-000000000001'] as const;
const arrivedAt = Date.parse('2026-03-01T11:30:00Z');
const poison = digestOf(Buffer.from('no json'));

interface Contents {
  readonly stream: StreamContents;
  readonly table: Map<string, ViewedItem>;
  readonly archive: {
    lines: number;
    places: Set<string>;
    rejected: Set<string>;
    failed: Map<string, number>;
  };
  onFailure: number;
  /** The archive's line of each event, by what it was. */
  readonly lines: { readonly single: string; readonly packed: readonly string[]; readonly garbage: string };
}

/**
 * A stream of four records, whose events are all late, and a table and an archive that agree with it. The transformer
 * has failed at one of two records with the same bytes.
 */
async function agreeing(uniqueVisitors: 'off' | UniqueScope): Promise<Contents> {
  const fake = createFakeStream({ clock: createVirtualClock(arrivedAt), shardIds: [left, right] });
  const single = fake.put(left, clickJson({ page: '/single' }));
  const packed = fake.put(
    right,
    [clickJson({ page: '/a' }), 'no event', clickJson({ page: '/b' })].join('\n'),
  );
  const [garbage] = [0, 1].map(() => fake.put(right, 'no json'));
  const stream = await readStreamContents('clicks', streamSource(fake.reader), {
    deduplicationSeconds: 0,
    minutesForDays: 7,
    uniques: uniquesFor(uniqueVisitors),
  });

  const lines = {
    single: `${left} ${single.sequenceNumber} 0`,
    packed: [0, 1, 2].map((index) => `${right} ${packed.sequenceNumber} ${index}`),
    garbage: `${right} ${garbage!.sequenceNumber} 0`,
  };
  return {
    stream,
    table: new Map(
      [...stream.items].map(([id, { shardKey, address, item }]) => [
        id,
        { ...address, ...item, shardKey, content: structuredClone(item.content) },
      ]),
    ),
    archive: {
      lines: 5,
      places: new Set([lines.single, ...lines.packed, lines.garbage]),
      rejected: new Set([lines.packed[1]!, lines.garbage]),
      failed: new Map([[poison, 1]]),
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
  const archive: ArchiveContents = { objects: 3, ...contents.archive };
  return compareContents(contents.stream, [...contents.table.values()], archive, contents.onFailure);
}

const shardKey = `clicks/${left}`;
const minute = { size: 'minute', start: Date.parse('2026-03-01T09:59:00Z') } as const;
const summary: ItemAddress = { group: 'summary', bucket: 0, ...minute };
const distinct: ItemAddress = {
  group: 'visitors-total',
  bucket: 0,
  size: 'day',
  start: Date.parse('2026-03-01'),
};

/** An item of the left shard, which is made if it is not there. */
function itemAt({ table }: Contents, address: ItemAddress): ViewedItem {
  const id = itemId(shardKey, address);
  const item = table.get(id) ?? {
    ...address,
    shardKey,
    content: emptyContent(),
    seq: '0',
    expiresAt: Number.POSITIVE_INFINITY,
  };
  table.set(id, item);
  return item;
}

/** What the left shard's item of a minute counts of a dimension. */
function countsOf(contents: Contents, dimension: string) {
  const { counts } = itemAt(contents, summary).content;
  const held = counts.get(dimension) ?? noCounts();
  counts.set(dimension, held);
  return held;
}

function pageCounts({ table }: Contents, page: string): Map<string, number> {
  const pages = [...table.values()]
    .filter(({ size }) => size === 'minute')
    .map(({ content }) => content.counts.get('page')?.values);
  return pages.find((values) => values?.has(page))!;
}

describe('Stream, table and archive', () => {
  it('agree if each event is counted once and archived at least once', async () => {
    expect(await compared(() => {})).toEqual({
      accepted: 6,
      aggregated: { valid: 3, duplicates: 0, invalid: 3, late: 3 },
      archived: { objects: 3, lines: 5, distinct: 5, rejected: 2 },
      failed: 1,
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
      const options = { deduplicationSeconds, minutesForDays: 7, uniques: [] };
      const { items, accepted } = await readStreamContents('clicks', streamSource(fake.reader), options);
      const hour = { ...summary, size: 'hour', start: Date.parse('2026-03-01T09:00:00Z') } as const;
      const sum = (dimension: string) =>
        [left, right].map((shardId) => {
          const item = items.get(itemId(`clicks/${shardId}`, hour))!.item;
          return [...(item.content.counts.get(dimension)?.values.values() ?? [])][0];
        });
      return { accepted, all: sum('total'), duplicates: sum('duplicate') };
    };

    expect(await totals(300)).toEqual({ accepted: 4, all: [2, 1], duplicates: [1, undefined] });
    expect(await totals(600)).toEqual({ accepted: 4, all: [1, 1], duplicates: [2, undefined] });
    expect(await totals(0)).toEqual({ accepted: 4, all: [3, 1], duplicates: [undefined, undefined] });
  });

  it('agree although a line and a failed record were delivered twice', async () => {
    const agreement = await compared(({ archive }) => {
      archive.lines++;
      archive.failed.set(poison, 3);
    });

    expect(agreement).toMatchObject({ exact: true, archived: { lines: 6, distinct: 5 }, failed: 3 });
  });

  it('agree although a good record is only under the error prefix, whole', async () => {
    const agreement = await compared(({ stream, archive, lines }) => {
      archive.places.delete(lines.single);
      const { digest } = stream.records.find((record) => record.lines[0] === lines.single)!;
      archive.failed.set(digest, 1);
    });

    expect(agreement.exact).toBe(true);
  });

  it('agree although sketches are left of what is not counted any more', async () => {
    const left = (contents: Contents) =>
      itemAt(contents, { ...distinct, group: 'visitors-page', bucket: 3 }).content.sketches.set(
        '/no',
        sketchOf(10, ['visitor-1']),
      );
    expect(await compared(left, 'total')).toMatchObject({ exact: true });
  });

  const place = `minute 2026-03-01T09:59:00Z of ${shardKey}`;
  it.each<[string, (contents: Contents) => void, string | RegExp]>([
    [
      'a counter that is too high',
      (contents) => pageCounts(contents, '/single').set('/single', 2),
      `${place}, page /single: 2 counted, 1 in the stream`,
    ],
    [
      'a counter that is too low',
      (contents) => countsOf(contents, 'total').values.set('all', 0),
      `${place}, total all: 0 counted, 1 in the stream`,
    ],
    [
      'a counter that is missing',
      (contents) => pageCounts(contents, '/single').delete('/single'),
      `${place}, page /single: 0 counted, 1 in the stream`,
    ],
    [
      'a dimension that is missing',
      (contents) => itemAt(contents, summary).content.counts.delete('type'),
      `${place}, type page_view: 0 counted, 1 in the stream`,
    ],
    [
      'a counter that nobody sent',
      (contents) => countsOf(contents, 'type').values.set('click', 5),
      `${place}, type click: 5 counted, 0 in the stream`,
    ],
    [
      'an item that nobody sent',
      (contents) =>
        itemAt(contents, { ...summary, start: Date.parse('1999-12-31T23:00:00Z') }).content.counts.set(
          'total',
          { ...noCounts(), values: new Map([['all', 7]]) },
        ),
      `minute 1999-12-31T23:00:00Z of ${shardKey}, total all: 7 counted, 0 in the stream`,
    ],
    [
      'a sketch that is missing',
      (contents) => itemAt(contents, distinct).content.sketches.delete('all'),
      `day 2026-03-01T00:00:00Z of ${shardKey}, visitors-total all: 0 counted, 1 in the stream`,
    ],
    [
      'a sketch with a register too many',
      (contents) =>
        itemAt(contents, distinct).content.sketches.set('all', sketchOf(12, ['visitor-1', 'stranger'])),
      `day 2026-03-01T00:00:00Z of ${shardKey}, visitors-total all: 2 counted, 1 in the stream`,
    ],
    [
      'values without room that do not add up',
      (contents) => {
        countsOf(contents, 'type').other = 4;
      },
      `${place}, type (other): 5 counted, 1 in the stream`,
    ],
    [
      'a line of a packed record that is missing',
      ({ archive, lines }) => archive.places.delete(lines.packed[1]!),
      /^line shardId-000000000001 \d+ 1 is not in the archive$/,
    ],
    [
      'a record of which no line is archived',
      ({ archive, lines }) => archive.places.delete(lines.single),
      /^the record of line shardId-000000000000 \d+ 0 is in no object$/,
    ],
    [
      'an archived line that nobody sent',
      ({ archive }) => archive.places.add(`${left} 7 0`),
      '1 archived line is not in the stream (any more)',
    ],
    [
      'a failed record that is missing, though its like is there',
      ({ archive, lines }) => archive.places.delete(lines.garbage),
      /^the record of line shardId-000000000001 \d+ 0 is in no object$/,
    ],
    [
      'a failed record that nobody sent',
      ({ archive }) => archive.failed.set('c3RyYW5nZXI=', 2),
      '1 record under the error prefix is not in the stream (any more)',
    ],
    [
      'records in on-failure objects',
      (contents) => {
        contents.onFailure = 8;
      },
      '8 records were given up, and are in on-failure objects',
    ],
  ])('disagree for %s', async (_, change, difference) => {
    const agreement = await compared(change);

    expect(agreement.exact).toBe(false);
    expect(agreement.differences).toEqual([
      typeof difference === 'string' ? difference : expect.stringMatching(difference),
    ]);
  });

  it('agree where an item had no room for a value, if all is counted in the sum', async () => {
    const agreement = await compared((contents) => {
      const counts = countsOf(contents, 'type');
      counts.values.delete('page_view');
      counts.other = 1;
    });

    expect(agreement.exact).toBe(true);
  });

  it('say the first ten differences, however many there are', async () => {
    const agreement = await compared(({ table }) => table.clear());

    expect(agreement).toMatchObject({ exact: false, aggregated: { valid: 0, invalid: 0, late: 0 } });
    expect(agreement.differences).toHaveLength(10);
  });
});
