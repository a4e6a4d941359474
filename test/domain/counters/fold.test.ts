import fc from 'fast-check';
import { bodyText, decodeBody, encodeBody } from '../../../domain/counters/delta-body';
import {
  type DeltaLimits,
  type DuplicateFilter,
  deltaLimits,
  type Folded,
  type FoldOptions,
  foldLines,
} from '../../../domain/counters/fold';
import { addressId, type Item, itemLimits, mergedItem, partsOf } from '../../../domain/counters/item';
import { byWindowSize } from '../../../domain/counters/window';
import { duplicateFilter } from '../../../domain/duplicates/duplicate-filter';
import { linesOf, type ShardRecord } from '../../../domain/event/shard-lines';
import { uniques } from '../../../domain/visitors/uniques';
import { clickJson } from '../../support/click-factory';
import { kplAggregate } from '../../support/kpl-encoder';
import { type PlainItem, placedLines, plainFold } from '../../support/plain-fold';
import { duplicatesOf, horizonSeconds, recordOf, repetitiveShard } from '../../support/repeated-events';
import { arrival, shardRecords } from '../../support/shard-records';
import { streamRecord } from '../../support/stream-record-arbitrary';

/** Every event counts in its minute. */
const minutesForDays = 0;

/** More by hand: `NUM_RUNS=20000 npx jest test/domain/counters/fold`. */
const numRuns = Number(process.env.NUM_RUNS ?? 60);

const retentionDays = byWindowSize(() => 1);
const noneIsDuplicate: DuplicateFilter = () => false;

/** The items that some deltas come to, in their order, each merged by itself, as the table would hold them. */
function itemsOf(deltas: readonly Folded[]): Map<string, PlainItem> {
  const items = new Map<string, Item>();
  for (const { content, last, arrivedAt } of deltas) {
    for (const [id, part] of partsOf(decodeBody(encodeBody(content)))) {
      const parts = [{ part, last, arrivedAt }];
      items.set(id, mergedItem(items.get(id), parts, last, { retentionDays, now: arrival })!);
    }
  }
  return new Map(
    [...items].map(
      ([
        id,
        {
          content: { counts, sketches },
        },
      ]) => [id, { counts, sketches }],
    ),
  );
}

/** Values in their order too, which `toEqual` of maps does not look at. */
function inOrder(items: ReadonlyMap<string, PlainItem>): Record<string, unknown> {
  return Object.fromEntries(
    [...items].map(([id, { counts, sketches }]) => [
      id,
      {
        counts: Object.fromEntries(
          [...counts].map(([dimension, { values, other, cut }]) => [
            dimension,
            { values: [...values], other, cut },
          ]),
        ),
        sketches,
      },
    ]),
  );
}

const eventLine = fc
  .record({
    type: fc.oneof(
      fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'x:y', ':', 'lone \ud800', 'ü'.repeat(150)),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 90 }),
    ),
    page: fc.constantFrom('/', '/a', '/b', '__proto__', '(other)', '\u0000'.repeat(250)),
    // Seconds before the arrival, across minutes, hours and days, to and fro.
    age: fc.constantFrom(0, 1, 59, 60, 61, 3_600, 36_000, 86_400, -1_200),
    visitorId: fc.constantFrom('visitor-1', 'visitor-2', 'visitor-3'),
    sessionId: fc.constantFrom('session-1', 'session-2', ''),
  })
  .map(({ age, ...event }) =>
    clickJson({ ...event, timestamp: new Date(arrival - age * 1000).toISOString() }),
  );

const records: fc.Arbitrary<readonly ShardRecord[]> = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: streamRecord },
      { weight: 5, arbitrary: eventLine },
      {
        weight: 3,
        arbitrary: fc.array(eventLine, { minLength: 2, maxLength: 6 }).map((lines) => lines.join('\n')),
      },
      {
        weight: 1,
        arbitrary: fc.array(eventLine, { minLength: 2, maxLength: 4 }).map((lines) => kplAggregate(lines)),
      },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((data) => shardRecords(data));

const limits: fc.Arbitrary<DeltaLimits> = fc.record({
  bytes: fc.constantFrom(1, 9_300, 9_900, 300_000),
  items: fc.constantFrom(1, 160, 4_000),
  events: fc.constantFrom(1, 3, 30_000),
});

/** Places in a shard's records where a batch ends, as numbers of lines. */
const cuts = fc.array(fc.nat({ max: 30 }), { maxLength: 6 });

function foldInBatches(
  shard: readonly ShardRecord[],
  cutsAt: readonly number[],
  isDuplicate: DuplicateFilter,
  { limits, uniques }: Required<Pick<FoldOptions, 'limits' | 'uniques'>>,
): Folded[] {
  const lines = placedLines(shard);
  const ends = [...new Set([...cutsAt, lines.length])]
    .filter((end) => end <= lines.length)
    .sort((a, b) => a - b);
  const deltas: Folded[] = [];
  let after = '';
  for (const end of ends) {
    const upTo = lines[end - 1]?.position;
    if (upTo === undefined) continue;
    const batch = [...linesOf(shard, after)].filter(({ position }) => position <= upTo);
    deltas.push(...foldLines(batch, { minutesForDays, isDuplicate, uniques, limits }));
    after = upTo;
  }
  return deltas;
}

describe('Deltas of a shard’s records', () => {
  const dimensionBytes = itemLimits.counterBytes;
  afterEach(() => {
    itemLimits.counterBytes = dimensionBytes;
  });

  it('come to the items of a plain fold, wherever batches and limits cut them, and however little room there is', () => {
    const rooms = fc.constantFrom(60, 150, dimensionBytes);
    // Sketches take most of the time.
    const sketched = fc.constantFrom(uniques, [], []);
    const seen = { several: 0, invalid: 0, cut: 0, other: 0, late: 0 };
    fc.assert(
      fc.property(records, cuts, limits, rooms, sketched, (shard, cut, limit, room, counted) => {
        itemLimits.counterBytes = room;
        const deltas = foldInBatches(shard, cut, noneIsDuplicate, { limits: limit, uniques: counted });
        const expected = plainFold(placedLines(shard), noneIsDuplicate, counted, room);
        expect(inOrder(itemsOf(deltas))).toEqual(inOrder(expected));

        seen.several += deltas.length > 1 ? 1 : 0;
        for (const { counts } of deltas) {
          seen.invalid += counts.invalidByReason.size;
          seen.late += counts.late;
        }
        for (const { counts } of expected.values()) {
          for (const { other, cut } of counts.values()) {
            seen.other += other;
            seen.cut += cut;
          }
        }
      }),
      { numRuns },
    );
    // The comparison would prove little if one of them hardly ever came up.
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(numRuns / 10);
  });

  it('tell duplicates as the rule does, by the ids themselves', () => {
    let duplicates = 0;
    fc.assert(
      fc.property(repetitiveShard, cuts, limits, (placed, cut, limit) => {
        const shard = placed.map(recordOf);
        const events = placed.flatMap((record) => record.events);
        const expected = duplicatesOf(events);
        const deltas = foldInBatches(shard, cut, duplicateFilter(horizonSeconds), {
          limits: limit,
          uniques: [],
        });
        const removed = deltas.reduce((sum, { counts }) => sum + counts.duplicates, 0);
        expect(removed).toBe(expected.size);
        const counted = [...itemsOf(deltas)].filter(([id]) => id.startsWith('summary#0 day'));
        const sum = (dimension: string): number =>
          counted.reduce((total, [, { counts }]) => {
            const values = counts.get(dimension)?.values ?? new Map<string, number>();
            return total + [...values.values()].reduce((all, count) => all + count, 0);
          }, 0);
        expect([sum('duplicate'), sum('total')]).toEqual([expected.size, events.length - expected.size]);
        duplicates += removed;
      }),
      { numRuns },
    );
    expect(duplicates).toBeGreaterThan(numRuns);
  });

  it('reach from their first line to their last, each from behind the one before, and say all that they hold', () => {
    fc.assert(
      fc.property(records, limits, (shard, limit) => {
        const lines = placedLines(shard);
        const deltas = [
          ...foldLines(linesOf(shard), {
            minutesForDays,
            isDuplicate: noneIsDuplicate,
            uniques,
            limits: limit,
          }),
        ];
        let next = 0;
        for (const { first, last, arrivedAt, counts, events } of deltas) {
          const some = lines.slice(next, next + counts.lines);
          expect([first, last]).toEqual([some[0]?.position, some.at(-1)?.position]);
          expect(arrivedAt).toBe(Math.max(...some.map((line) => line.arrivedAt)));
          const valid = some.filter(({ reading }) => reading.ok);
          expect(events.map((event) => event.arrivedAt)).toEqual(valid.map((line) => line.arrivedAt));
          expect(counts.valid).toBe(valid.length);
          expect(counts.late).toBe(valid.filter(({ reading }) => reading.ok && reading.late).length);
          const invalid = [...counts.invalidByReason.values()].reduce((sum, number) => sum + number, 0);
          expect(invalid).toBe(some.length - valid.length);
          next += counts.lines;
        }
        expect(next).toBe(lines.length);
      }),
      { numRuns },
    );
  });

  it('stay within their limits, unless one event alone passes them', () => {
    fc.assert(
      fc.property(records, limits, (shard, limit) => {
        for (const { content, counts, events } of foldLines(linesOf(shard), {
          minutesForDays,
          isDuplicate: noneIsDuplicate,
          uniques,
          limits: limit,
        })) {
          if (counts.lines === 1) continue;
          expect(events.length).toBeLessThanOrEqual(limit.events);
          expect(partsOf(content).size).toBeLessThanOrEqual(limit.items);
          expect(uncompressedBytes(content)).toBeLessThanOrEqual(limit.bytes);
        }
      }),
      { numRuns },
    );
  });
});

function uncompressedBytes(content: Folded['content']): number {
  return Buffer.byteLength(bodyText(encodeBody(content)));
}

describe('A fold of much', () => {
  const fold = (shard: readonly ShardRecord[], counted = uniques) => [
    ...foldLines(linesOf(shard), { minutesForDays, isDuplicate: noneIsDuplicate, uniques: counted }),
  ];

  it('takes the largest events of all, of nothing but control characters, within its bytes', () => {
    const text = (number: number) =>
      String.fromCharCode(1 + (number % 7), 1 + ((number >> 3) % 7)).repeat(100);
    const lines = Array.from({ length: 120 }, (_, number) =>
      clickJson({
        type: text(number),
        page: text(number + 1),
        element: text(number + 2),
        timestamp: new Date(arrival - number * 86_400_000).toISOString(),
        sessionId: `session-${number}`,
      }),
    );
    const deltas = fold(shardRecords([lines.join('\n')]));
    for (const { content } of deltas) expect(uncompressedBytes(content)).toBeLessThan(deltaLimits.bytes);
    const few = { ...deltaLimits, bytes: 9_001 };
    for (const { content, counts } of foldLines(linesOf(shardRecords(lines)), {
      minutesForDays,
      uniques,
      limits: few,
    })) {
      expect(counts.lines).toBe(1);
      expect(uncompressedBytes(content)).toBeLessThan(few.bytes);
    }
  });

  it('cuts a record of a mebibyte of events, each in an hour of its own, into deltas that the table takes', () => {
    const hour = 3_600_000;
    const lines = Array.from({ length: 11_774 }, (_, number) => {
      const timestamp = new Date(arrival - number * hour).toISOString();
      return `{"eventId":"${number}","type":"t","timestamp":"${timestamp}","visitorId":"v","page":"/"}`;
    });
    const deltas = fold(shardRecords([lines.join('\n')]));
    expect(deltas.reduce((sum, { counts }) => sum + counts.valid, 0)).toBe(11_774);
    for (const { content } of deltas) {
      expect(partsOf(content).size).toBeLessThanOrEqual(deltaLimits.items);
      expect(encodeBody(content).length).toBeLessThan(deltaLimits.bytes);
    }
    expect(deltas.length).toBeLessThan(100);
  });

  it('cuts one batch of 65,000 events where their ids fill an item, in the middle of a record', () => {
    const line = (number: number) =>
      `{"eventId":"${number}","type":"t","timestamp":"2026-03-01T09:59:30Z","visitorId":"v","page":"/"}`;
    const lines = Array.from({ length: 65_000 }, (_, number) => line(number)).join('\n');
    const deltas = fold(shardRecords([lines]), []);
    expect(deltas.map(({ events }) => events.length)).toEqual([30_000, 30_000, 5_000]);
    expect(deltas[1]!.first.endsWith(':0030000')).toBe(true);
  });
});

describe('The window of an event', () => {
  const idsOf = (...data: readonly string[]) =>
    [...foldLines(linesOf(shardRecords(data)), { minutesForDays: 7 })].flatMap(({ content }) =>
      [...partsOf(content).values()].flatMap(({ address, counts }) =>
        [...counts].map(
          ([dimension, { values }]) => `${dimension} ${addressId(address)} ${[...values.keys()]}`,
        ),
      ),
    );
  const at = (text: string): number => Date.parse(text);

  it('is its minute, and the hour and the day of that in UTC', () => {
    const ids = idsOf(clickJson({ timestamp: '2026-02-28T23:30:30-01:00' }));
    expect(ids.filter((id) => id.startsWith('total'))).toEqual([
      `total summary#0 minute ${at('2026-03-01T00:30:00Z')} all`,
      `total summary#0 hour ${at('2026-03-01T00:00:00Z')} all`,
      `total summary#0 day ${at('2026-03-01T00:00:00Z')} all`,
    ]);
  });

  it('is its own, however late it comes, where it counts as late as well', () => {
    const ids = idsOf(clickJson({ timestamp: '2026-02-22T10:05:03Z' }));
    expect(ids).toContain(`late summary#0 minute ${at('2026-02-22T10:05:00Z')} late`);
    expect(ids).toContain(`total summary#0 minute ${at('2026-02-22T10:05:00Z')} all`);
  });

  it('is its hour and its day alone, once its minute would be gone already', () => {
    const late = (milliseconds: number) => new Date(arrival - 7 * 86_400_000 - milliseconds).toISOString();
    const sizes = (timestamp: string) =>
      idsOf(clickJson({ timestamp })).flatMap((id) => /^total summary#0 (\w+)/.exec(id)?.[1] ?? []);
    expect(sizes(late(0))).toEqual(['minute', 'hour', 'day']);
    expect(sizes(late(1))).toEqual(['hour', 'day']);
    expect(sizes('2015-05-17T10:05:03Z')).toEqual(['hour', 'day']);
  });

  it('is that of its arrival where a line is no event, and has no time', () => {
    expect(idsOf('oops')).toEqual([
      `invalid summary#0 minute ${arrival} not_json`,
      `invalid summary#0 hour ${arrival} not_json`,
      `invalid summary#0 day ${at('2026-03-01T00:00:00Z')} not_json`,
    ]);
  });
});

it('No lines are no delta', () => {
  expect([...foldLines([], { minutesForDays })]).toEqual([]);
});
