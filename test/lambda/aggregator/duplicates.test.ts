import fc from 'fast-check';
import type { ShardRecord } from '../../../domain/fold';
import { isRecentKey } from '../../../domain/recent-item';
import type { DuplicateRemoval } from '../../../lambda/aggregator/duplicate-removal';
import type { DynamoCalls } from '../../../lambda/aggregator/dynamo-calls';
import { dynamoRecentEvents } from '../../../lambda/aggregator/recent-events';
import { clickJson } from '../../support/click-factory';
import { kplAggregate } from '../../support/kpl-encoder';
import { createMemoryDynamo, type MemoryDynamo } from '../../support/memory-dynamo';
import {
  duplicatesOf,
  horizonSeconds,
  type PlacedRecord,
  repetitiveShard,
} from '../../support/repeated-events';
import { arrival, contents, deliver, faulty, shardRecords } from './shard-simulator';

const shards = ['clicks/shardId-000000000000', 'clicks/shardId-000000000001'] as const;
const options = { tableName: 'aggregates', deduplicationSeconds: horizonSeconds, streamRetentionHours: 24 };

/** The record with its events where their positions say: packed, or in the inner records of an aggregate. */
function shardRecord({ sequenceNumber, arrivedAt, events }: PlacedRecord): ShardRecord {
  const inner: string[][] = [[]];
  for (const { eventId, position } of events) {
    const index = Number(position.split(':')[2]!.replace('~', ''));
    const subsequence = Math.floor(index / 10_000_000);
    while (inner.length <= subsequence) inner.push([]);
    const page = `/${eventId.length}`;
    inner[subsequence]!.push(clickJson({ eventId, page, timestamp: new Date(arrivedAt).toISOString() }));
  }
  const records = inner.map((lines) => (lines.length > 0 ? lines.join('\n') : 'no event'));
  return {
    sequenceNumber,
    arrivedAt,
    data: Buffer.from(records.length > 1 ? kplAggregate(records) : records[0]!),
  };
}

/** As the rule wants it, by the ids themselves. */
function allKnowing(duplicates: ReadonlySet<string>): DuplicateRemoval {
  const isDuplicate = ({ position }: { readonly position: string }) => duplicates.has(position);
  return { begin: async () => ({ isDuplicate, itemsRead: 0, remember: async () => 0 }) };
}

function counters(dynamo: MemoryDynamo) {
  return Object.fromEntries(Object.entries(contents(dynamo)).filter(([key]) => !isRecentKey(key)));
}

const step = fc.record({
  shard: fc.nat({ max: 1 }),
  length: fc.integer({ min: 1, max: 8 }),
  /** The mapping goes on from so many records before the first that is not done. */
  back: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 30 }) }),
  environment: fc.nat({ max: 2 }),
  isCold: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  faults: fc
    .array(fc.tuple(fc.nat({ max: 40 }), fc.constantFrom('before' as const, 'after' as const)), {
      maxLength: 4,
    })
    .map((faults) => new Map(faults)),
});

const limits = fc.record({
  cacheBytes: fc.constantFrom(0, 1_000_000),
  chunkBytes: fc.constantFrom(1, 300, 200_000),
  chunksMissed: fc.constantFrom(1, 3, 100),
  // A batch of the steps has 40 events at the most.
  eventsOfABatch: fc.constantFrom(41, 65_536),
});

describe('With duplicates removed, the table equals one clean pass of the rule', () => {
  it('after any batches, faults of the table, redeliveries, cold starts and environments', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(repetitiveShard, repetitiveShard),
        fc.array(step, { minLength: 1, maxLength: 25 }),
        limits,
        fc.constantFrom(1, 2, 1_000),
        async (placed, steps, bounds, itemsPerPage) => {
          const records = placed.map((shard) => shard.map(shardRecord));
          const duplicates = placed.map((shard) => duplicatesOf(shard.flatMap(({ events }) => events)));
          const expected = createMemoryDynamo();
          for (const [index, shard] of shards.entries()) {
            await deliver(expected, records[index]!, shard, undefined, allKnowing(duplicates[index]!));
          }

          const dynamo = createMemoryDynamo({ itemsPerPage });
          let calls: DynamoCalls = dynamo;
          const through: DynamoCalls = {
            update: (input, signal) => calls.update(input, signal),
            get: (input, signal) => calls.get(input, signal),
            put: (input, signal) => calls.put(input, signal),
            query: (input, signal) => calls.query(input, signal),
          };
          const start = () => dynamoRecentEvents(through, options, bounds);
          const environments = [start(), start(), start()];
          const done = [0, 0];
          const cleanly = [0, 1].flatMap((shard) =>
            placed[shard]!.map(() => ({
              shard,
              length: 3,
              back: 0,
              environment: 0,
              isCold: false,
              faults: new Map(),
            })),
          );
          for (const { shard, length, back, environment, isCold, faults } of [...steps, ...cleanly]) {
            const from = Math.max(done[shard]! - back, 0);
            const batch = records[shard]!.slice(from, from + length);
            if (batch.length === 0) continue;
            if (isCold) environments[environment] = start();
            calls = faulty(dynamo, faults);
            const removal = environments[environment]!;
            const outcome = await deliver(through, batch, shards[shard]!, undefined, removal);
            const unfinished = batch.findIndex(
              ({ sequenceNumber }) => sequenceNumber === outcome.lowestUnfinished,
            );
            if (outcome.valid > 0) {
              const inBatch = placed[shard]!.slice(from, from + length).flatMap(({ events }) => events);
              expect(outcome.duplicates).toBe(
                inBatch.filter(({ position }) => duplicates[shard]!.has(position)).length,
              );
            }
            done[shard] = Math.max(done[shard]!, from + (unfinished === -1 ? batch.length : unfinished));
          }
          expect(done).toEqual(records.map(({ length }) => length));
          expect(counters(dynamo)).toEqual(counters(expected));
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});

describe('An event that comes again', () => {
  const environment = (calls: DynamoCalls) => dynamoRecentEvents(calls, options);
  const send = (...ids: readonly string[]) => shardRecords(ids.map((eventId) => clickJson({ eventId })));
  const removed = (dynamo: MemoryDynamo) =>
    dynamo.items().find(({ pk, sk }) => pk?.S === 'duplicate#0' && sk?.S?.startsWith('hour'))?.['n:duplicate']
      ?.N;
  const total = (dynamo: MemoryDynamo) =>
    dynamo.items().find(({ pk, sk }) => pk?.S === 'total#0' && sk?.S?.startsWith('hour'))?.['n:all']?.N;

  it('in another record counts as a duplicate, in the same batch and in a later one', async () => {
    const dynamo = createMemoryDynamo();
    const records = send('a', 'b', 'a', 'b', 'c');
    const warm = environment(dynamo);
    const first = await deliver(dynamo, records.slice(0, 3), undefined, undefined, warm);
    const second = await deliver(dynamo, records.slice(3), undefined, undefined, warm);
    expect([first, second]).toMatchObject([
      { valid: 3, duplicates: 1, recentItemsRead: 0, recentItemsWritten: 1 },
      { valid: 2, duplicates: 1, recentItemsRead: 0, recentItemsWritten: 1 },
    ]);
    expect([total(dynamo), removed(dynamo)]).toEqual(['3', '2']);
  });

  it('in a record that is delivered again is no duplicate of itself, warm or cold', async () => {
    const dynamo = createMemoryDynamo();
    const records = send('a', 'b', 'a');
    const warm = environment(dynamo);
    for (const removal of [warm, warm, environment(dynamo), environment(dynamo)]) {
      const outcome = await deliver(dynamo, records, undefined, undefined, removal);
      expect(outcome.duplicates).toBe(1);
    }
    const rest = await deliver(dynamo, records.slice(1), undefined, undefined, environment(dynamo));
    expect(rest).toMatchObject({ valid: 2, duplicates: 1 });
    expect([total(dynamo), removed(dynamo)]).toEqual(['2', '1']);
  });

  it('counts again where duplicates are not removed', async () => {
    const dynamo = createMemoryDynamo();
    const outcome = await deliver(dynamo, send('a', 'a'));
    expect(outcome).toMatchObject({ valid: 2, duplicates: 0, recentItemsWritten: 0 });
    expect([total(dynamo), removed(dynamo)]).toEqual(['2', undefined]);
    expect(dynamo.items().filter(({ pk }) => isRecentKey(pk?.S ?? ''))).toEqual([]);
  });

  it('is not counted, nor is anything, when what stands before cannot be read', async () => {
    const dynamo = createMemoryDynamo();
    const records = send('a');
    const broken = environment(faulty(dynamo, new Map([[0, 'before']])));
    const outcome = await deliver(dynamo, records, undefined, undefined, broken);
    expect(outcome).toMatchObject({ records: 1, valid: 0, lowestUnfinished: records[0]!.sequenceNumber });
    expect([...outcome.unfinishedByError]).toEqual([['Error', 1]]);
    expect(dynamo.items()).toEqual([]);
  });

  it('is told where a function died between two items of a batch, by one that saw only the first', async () => {
    const dynamo = createMemoryDynamo();
    const records = send('a', 'b', 'c', 'b', 'd', 'e');
    const anItemEach = { cacheBytes: 0, chunkBytes: 1, chunksMissed: 100, eventsOfABatch: 65_536 };
    const removalThrough = (...faults: readonly number[]) =>
      dynamoRecentEvents(
        faulty(dynamo, new Map(faults.map((call) => [call, 'before']))),
        options,
        anItemEach,
      );
    // Two queries, then a put an event: the first is made, the second not; and the first not.
    const dying = removalThrough(3);
    const failing = removalThrough(2);
    for (const removal of [dying, failing]) {
      const { lowestUnfinished } = await deliver(dynamo, records, undefined, undefined, removal);
      expect(lowestUnfinished).toBe(records[0]!.sequenceNumber);
    }
    await deliver(dynamo, records.slice(0, 3), undefined, undefined, removalThrough());
    const rest = await deliver(dynamo, records.slice(3), undefined, undefined, failing);
    expect(rest).toMatchObject({ valid: 3, duplicates: 1 });
  });

  it('makes the whole batch come again when it cannot be kept for those that follow', async () => {
    const dynamo = createMemoryDynamo();
    const records = send('a', 'b');
    // Two queries, then the put.
    const broken = environment(faulty(dynamo, new Map([[2, 'before']])));
    const outcome = await deliver(dynamo, records, undefined, undefined, broken);
    expect(outcome).toMatchObject({ recentItemsWritten: 0, lowestUnfinished: records[0]!.sequenceNumber });
    const again = await deliver(dynamo, records, undefined, undefined, broken);
    expect(again).toMatchObject({ duplicates: 0, itemsWritten: 0, recentItemsWritten: 1 });
    expect(again.lowestUnfinished).toBeUndefined();
  });
});

describe('The recent events of a shard', () => {
  const counting = (dynamo: MemoryDynamo) => {
    const made = { queries: 0, puts: 0 };
    const calls: DynamoCalls = {
      ...dynamo,
      query: (input, signal) => {
        made.queries++;
        expect(input.ConsistentRead).toBe(true);
        return dynamo.query(input, signal);
      },
      put: (input, signal) => {
        made.puts++;
        return dynamo.put(input, signal);
      },
    };
    return { calls, made };
  };
  const batch = (n: number) =>
    shardRecords([clickJson()]).map((record) => ({
      ...record,
      sequenceNumber: `${10_000 + n}`,
      arrivedAt: arrival + n * 1_000,
    }));

  it('take a warm function one query and one write a batch', async () => {
    const { calls, made } = counting(createMemoryDynamo());
    const warm = dynamoRecentEvents(calls, options);
    await deliver(calls, batch(0), undefined, undefined, warm);
    expect(made).toEqual({ queries: 2, puts: 1 });
    for (let n = 1; n <= 10; n++) {
      const outcome = await deliver(calls, batch(n), undefined, undefined, warm);
      expect(outcome.recentItemsRead).toBe(0);
    }
    expect(made).toEqual({ queries: 12, puts: 11 });
  });

  it('are read by a cold function no further back than they matter', async () => {
    const dynamo = createMemoryDynamo();
    const warm = dynamoRecentEvents(dynamo, options);
    // 100 seconds of horizon, in slices of 20, and a slice for arrivals that run backwards; the one behind ends it.
    for (let n = 0; n < 500; n++) await deliver(dynamo, batch(n), undefined, undefined, warm);
    const cold = await deliver(dynamo, batch(500), undefined, undefined, dynamoRecentEvents(dynamo, options));
    expect(cold.recentItemsRead).toBeGreaterThanOrEqual(140);
    expect(cold.recentItemsRead).toBeLessThanOrEqual(141);
    // From an old checkpoint: what stands behind is read as far as a batch could have begun before.
    const { calls, made } = counting(dynamo);
    const limited = dynamoRecentEvents(calls, options, {
      cacheBytes: 0,
      chunkBytes: 1_000,
      chunksMissed: 1,
      eventsOfABatch: 20,
    });
    const old = await deliver(calls, batch(200), undefined, undefined, limited);
    expect(old.recentItemsRead).toBeLessThanOrEqual(141 + 20);
    expect(made).toEqual({ queries: 2, puts: 1 });
  });

  it('outlive the records that the stream may deliver again', async () => {
    const dynamo = createMemoryDynamo();
    await deliver(dynamo, batch(0), undefined, undefined, dynamoRecentEvents(dynamo, options));
    const [item] = dynamo.items().filter(({ pk }) => isRecentKey(pk?.S ?? ''));
    // The end of the slice of 20 seconds, six slices more, and a day.
    expect(item?.expiresAt).toEqual({ N: String(arrival / 1_000 + 20 + 120 + 86_400) });
    expect(item?.pk).toEqual({ S: 'recent#20000#clicks/shardId-000000000000' });
  });

  it('are kept in items of bounded size, however many events a batch has', async () => {
    const dynamo = createMemoryDynamo();
    const lines = Array.from({ length: 40_000 }, (_, i) => clickJson({ eventId: `${i % 30_000}` }));
    const packed = shardRecords([lines.slice(0, 25_000).join('\n'), lines.slice(25_000).join('\n')]);
    const outcome = await deliver(dynamo, packed, undefined, undefined, dynamoRecentEvents(dynamo, options));
    expect(outcome).toMatchObject({ valid: 40_000, duplicates: 10_000 });
    const items = dynamo.items().filter(({ pk }) => isRecentKey(pk?.S ?? ''));
    expect(items.length).toBe(outcome.recentItemsWritten);
    for (const item of items) expect(item.recent?.B?.length).toBeLessThan(200_000);
    const again = await deliver(
      dynamo,
      packed.slice(1),
      undefined,
      undefined,
      dynamoRecentEvents(dynamo, options),
    );
    expect(again).toMatchObject({ valid: 15_000, duplicates: 10_000 });
  });
});
