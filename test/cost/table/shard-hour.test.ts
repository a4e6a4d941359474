import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { clickRecords } from '../../../cost/table/click-pool';
import {
  itemBytes,
  readUnits,
  type SizedValue,
  storedOverheadBytes,
  writeUnits,
} from '../../../cost/table/item-size';
import { shardHour } from '../../../cost/table/shard-hour';
import { recordsOfBatch, type ShardLoad } from '../../../cost/table/shard-load';
import { createItem, type SimulatedItem, writeEntries } from '../../../cost/table/simulated-item';
import { simulatedShard } from '../../../cost/table/simulated-shard';
import { createSimulation } from '../../../cost/table/simulation';
import { noCharges } from '../../../cost/table/table-part';
import { itemId } from '../../../domain/counter-item';
import { fold, type ShardRecord } from '../../../domain/fold';
import { aggregate } from '../../../lambda/aggregator/aggregate';
import type { DynamoCalls } from '../../../lambda/aggregator/dynamo-calls';
import { createStores } from '../../../lambda/aggregator/stores';
import { createMemoryDynamo } from '../../support/memory-dynamo';
import { neverAborted } from '../../support/never-aborted';

function load(overrides: Partial<ShardLoad> = {}): ShardLoad {
  return {
    recordsPerSecond: 90,
    eventsPerRecord: 1,
    recordBytes: 400,
    batchSize: 360,
    batchingWindowSeconds: 4,
    pages: 60,
    lateShare: 0,
    deduplicationSeconds: 0,
    uniqueVisitors: 'off',
    ...overrides,
  };
}

type Part = 'counters' | 'recentEvents' | 'uniqueVisitors';

function partOf({ pk }: { readonly pk?: AttributeValue }): Part {
  if (pk?.S?.startsWith('recent#')) return 'recentEvents';
  return pk?.S?.startsWith('unique-') ? 'uniqueVisitors' : 'counters';
}

/** The table, with what DynamoDB charges for what is done to the items of each part. */
function charged() {
  const table = createMemoryDynamo();
  const nothing = () => ({ writes: 0, writeUnits: 0, readUnits: 0 });
  const charges: Record<Part, ReturnType<typeof nothing>> = {
    counters: nothing(),
    recentEvents: nothing(),
    uniqueVisitors: nothing(),
  };
  const sized = (item: object): number => itemBytes(item as Record<string, SizedValue>);
  const write = (item: Record<string, AttributeValue>): void => {
    const part = charges[partOf(item)];
    part.writes++;
    part.writeUnits += writeUnits(sized(item));
  };
  const calls: DynamoCalls = {
    ...table,
    async get(input, signal) {
      const output = await table.get(input, signal);
      charges[partOf(input.Key!)].readUnits += readUnits(sized(output.Item ?? {}));
      return output;
    },
    async query(input, signal) {
      const output = await table.query(input, signal);
      const bytes = (output.Items ?? []).reduce((sum, item) => sum + sized(item), 0);
      charges[partOf({ pk: input.ExpressionAttributeValues![':pk']! })].readUnits += readUnits(bytes);
      return output;
    },
    async update(input, signal) {
      try {
        return await table.update(input, signal);
      } finally {
        write((await table.get({ TableName: input.TableName, Key: input.Key }, signal)).Item!);
      }
    },
    async put(input, signal) {
      write(input.Item!);
      return table.put(input, signal);
    },
  };
  const stored = (part: Part): number =>
    table
      .items()
      .filter((item) => partOf(item) === part)
      .reduce((sum, item) => sum + sized(item) + storedOverheadBytes, 0);
  return { calls, charges, stored };
}

const begin = Date.UTC(2026, 0, 1);

/** The clicks of the simulation as records, arriving and happening when they do there. */
function recordsOf(of: ShardLoad, count: number): ShardRecord[] {
  return clickRecords(
    of.pages,
    count,
  )(begin).map((record, index) => {
    const arrivedAt = Math.floor(begin + (index / of.recordsPerSecond) * 1_000);
    const timestamp = new Date(arrivedAt).toISOString();
    const data = Buffer.from(JSON.stringify({ ...JSON.parse(record.data.toString()), timestamp }));
    return { ...record, data, arrivedAt };
  });
}

describe('A simulated hour of a shard', () => {
  it('costs what the aggregator itself writes, item by item', async () => {
    const of = load({
      uniqueVisitors: 'page',
      deduplicationSeconds: 300,
      recordsPerSecond: 60,
      batchSize: 240,
    });
    const { calls, charges, stored } = charged();
    const stores = createStores(calls, {
      tableName: 'aggregates',
      retentionDays: { minute: 35, hour: 400 },
      deduplicationSeconds: of.deduplicationSeconds,
      streamRetentionHours: 72,
      uniqueVisitors: of.uniqueVisitors,
    });
    const size = recordsOfBatch(of);
    const batches = 15;
    const records = recordsOf(of, batches * size);
    for (let batch = 0; batch < batches; batch++) {
      const some = records.slice(batch * size, (batch + 1) * size);
      await aggregate({ shard: simulatedShard, records: some }, stores.table, neverAborted(), stores);
    }

    const simulation = createSimulation(of);
    simulation.run(1);
    const { batches: simulated, parts } = simulation.result();
    expect(simulated).toBe(batches);
    for (const part of ['counters', 'recentEvents', 'uniqueVisitors'] as const) {
      expect({ part, writes: parts[part].writes }).toEqual({ part, writes: charges[part].writes });
      // Here and there a time to live ends in a zero, which takes no room.
      expect(parts[part].writeUnits / charges[part].writeUnits).toBeCloseTo(1, 2);
      expect(parts[part].readUnits).toBe(charges[part].readUnits);
    }
    const { counters, recentEvents, uniqueVisitors } = parts;
    expect((counters.storedBytes.minute + counters.storedBytes.hour) / stored('counters')).toBeCloseTo(1, 2);
    expect(recentEvents.storedBytes.recent / stored('recentEvents')).toBeCloseTo(1, 2);
    // Those of the day stand for a part of it only.
    expect(uniqueVisitors.storedBytes.hour).toBeLessThan(stored('uniqueVisitors'));
  });

  it('is the same each time it is asked for', () => {
    const of = load({ lateShare: 0.02, recordsPerSecond: 3 });
    const once = createSimulation(of);
    const again = createSimulation(of);
    for (const simulation of [once, again]) simulation.run(10);

    expect(once.result()).toEqual(again.result());
  });

  it('lets some minutes stand for the others where there are too many events, and comes to nearly the same', () => {
    const of = load({ recordsPerSecond: 8, uniqueVisitors: 'page' });
    const sampled = shardHour(of, 20_000);
    const whole = shardHour(of, 30_000);

    expect(sampled).not.toEqual(whole);
    expect(sampled.batches / whole.batches).toBeCloseTo(1, 2);
    for (const [part, tolerance] of [
      ['counters', 0.02],
      ['uniqueVisitors', 0.1],
    ] as const) {
      const [some, all] = [sampled.parts[part], whole.parts[part]];
      expect(Math.abs(some.writeUnits / all.writeUnits - 1)).toBeLessThan(tolerance);
      expect(some.storedBytes.hour / all.storedBytes.hour).toBeCloseTo(1, 1);
    }
  });

  it('has as many pages in an hour as its clicks visit, though fewer clicks were read', () => {
    const of = load({ recordsPerSecond: 10, batchSize: 100, batchingWindowSeconds: 10, pages: 40_000 });
    const size = recordsOfBatch(of);
    const records = recordsOf(of, of.recordsPerSecond * 3_600);
    const items = new Map<string, SimulatedItem>();
    let units = 0;
    for (let start = 0; start < records.length; start += size) {
      for (const { key, window, entries } of fold(simulatedShard, records.slice(start, start + size)).runs) {
        const item = items.get(itemId(key)) ?? createItem(key.pk, window);
        items.set(itemId(key), item);
        writeEntries(item, entries, () => {
          units += writeUnits(item.bytes());
        });
      }
    }

    const stored = [...items]
      .filter(([id]) => id.includes(' hour#'))
      .reduce((sum, [, item]) => sum + item.bytes() + storedOverheadBytes, 0);
    const { counters } = shardHour(of).parts;
    expect(counters.storedBytes.hour / stored).toBeCloseTo(1, 1);
    expect(counters.writeUnits / units).toBeCloseTo(1, 1);
  }, 120_000);

  it('charges late events for items of their own, as large as those get', () => {
    const inTime = shardHour(load({ recordsPerSecond: 5 }));
    const late = shardHour(load({ recordsPerSecond: 5, lateShare: 1 }));

    // A minute and an hour of each of seven dimensions or more, for each event.
    expect(inTime.parts.counters.writeUnits).toBeLessThan(5 * 3_600 * 6);
    expect(late.parts.counters.writeUnits).toBeGreaterThan(5 * 3_600 * 10);
  });

  it.each([
    ['the window', { batchSize: 10_000 }, 361],
    ['a second of polling', { batchingWindowSeconds: 0 }, 91],
    ['its size', { batchSize: 200 }, 200],
    [
      '6 MB of event',
      { recordsPerSecond: 900, batchingWindowSeconds: 60, batchSize: 10_000, recordBytes: 40_000 },
      116,
    ],
    ['one record, if they are rare', { recordsPerSecond: 0.1 }, 1],
    ['one record, if it is larger than 6 MB', { recordBytes: 5_000_000 }, 1],
  ])('ends a batch by %s', (_, overrides, records) => {
    expect(recordsOfBatch(load(overrides))).toBe(records);
  });

  it('costs nothing without records', () => {
    expect(shardHour(load({ recordsPerSecond: 0 }))).toEqual({
      batches: 0,
      parts: { counters: noCharges, recentEvents: noCharges, uniqueVisitors: noCharges },
    });
  });

  it('writes no more items for a longer window, and less for each event', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 2, max: 6 }),
        (recordsPerSecond, factor) => {
          const of = load({ recordsPerSecond, batchSize: 10_000 });
          const short = shardHour(of);
          const long = shardHour({ ...of, batchingWindowSeconds: of.batchingWindowSeconds * factor });
          expect(long.parts.counters.writeUnits).toBeLessThan(short.parts.counters.writeUnits);
          expect(long.batches).toBeLessThan(short.batches);
        },
      ),
      { numRuns: 4 },
    );
  });
});
