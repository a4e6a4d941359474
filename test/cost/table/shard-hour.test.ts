import fc from 'fast-check';
import { clickRecords, simulatedShard } from '../../../cost/table/click-pool';
import { itemBytes, type SizedValue, storedOverheadBytes, writeUnits } from '../../../cost/table/item-size';
import { shardHour } from '../../../cost/table/shard-hour';
import { recordsOfBatch, type ShardLoad } from '../../../cost/table/shard-load';
import { createSimulation } from '../../../cost/table/simulation';
import { aggregate } from '../../../lambda/aggregator/aggregate';
import { dynamoCountersTable } from '../../../lambda/aggregator/counters-table';
import type { DynamoCalls } from '../../../lambda/aggregator/dynamo-calls';
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
    ...overrides,
  };
}

/** The table, with what DynamoDB charges for its updates. */
function charged(): { calls: DynamoCalls; charges: { writes: number; units: number }; stored(): number } {
  const table = createMemoryDynamo();
  const charges = { writes: 0, units: 0 };
  const sized = (item: object): number => itemBytes(item as Record<string, SizedValue>);
  const calls: DynamoCalls = {
    ...table,
    async update(input, signal) {
      try {
        return await table.update(input, signal);
      } finally {
        const { Item } = await table.get({ TableName: input.TableName, Key: input.Key }, signal);
        charges.writes++;
        charges.units += writeUnits(sized(Item!));
      }
    },
  };
  const stored = () => table.items().reduce((sum, item) => sum + sized(item) + storedOverheadBytes, 0);
  return { calls, charges, stored };
}

describe('A simulated hour of a shard', () => {
  it('costs what the aggregator itself writes, item by item', async () => {
    const of = load();
    const { calls, charges, stored } = charged();
    const table = dynamoCountersTable(calls, 'aggregates', { minute: 35, hour: 400 });
    const size = recordsOfBatch(of);
    const begin = Date.UTC(2026, 0, 1);
    const records = clickRecords(20_000, of.pages)(begin);
    const batches = Math.round(120 / (size / of.recordsPerSecond));
    for (let batch = 0; batch < batches; batch++) {
      const some = records.slice(batch * size, (batch + 1) * size).map((record, index) => {
        const arrivedAt = Math.floor(begin + ((batch * size + index) / of.recordsPerSecond) * 1_000);
        const timestamp = new Date(arrivedAt).toISOString();
        const data = Buffer.from(JSON.stringify({ ...JSON.parse(record.data.toString()), timestamp }));
        return { ...record, data, arrivedAt };
      });
      await aggregate({ shard: simulatedShard, records: some }, table, neverAborted());
    }

    const simulation = createSimulation(of);
    simulation.run(0, 120, 1);
    const { writes, writeUnits: units, batches: simulated, storedBytes } = simulation.result();

    expect(simulated).toBe(batches);
    expect(writes).toBe(charges.writes);
    // A time to live that ends in zeros takes a byte less.
    expect(units / charges.units).toBeCloseTo(1, 2);
    expect((storedBytes.minute + storedBytes.hour) / stored()).toBeCloseTo(1, 2);
  });

  it('is the same each time it is asked for', () => {
    const of = load({ lateShare: 0.02, recordsPerSecond: 3 });
    const once = createSimulation(of);
    const again = createSimulation(of);
    for (const simulation of [once, again]) simulation.run(0, 600, 1);

    expect(once.result()).toEqual(again.result());
  });

  it('lets some minutes stand for the others where there are too many events, and comes to nearly the same', () => {
    // Just above and just below the number of events that are simulated one by one.
    const sampled = shardHour(load({ recordsPerSecond: 42, pages: 300 }));
    const whole = shardHour(load({ recordsPerSecond: 41, pages: 300 }));

    expect(sampled.batches / whole.batches).toBeCloseTo(1, 1);
    expect(sampled.writeUnits / whole.writeUnits).toBeGreaterThan(0.97);
    expect(sampled.writeUnits / whole.writeUnits).toBeLessThan(1.04);
    expect(sampled.storedBytes.minute / whole.storedBytes.minute).toBeCloseTo(1, 1);
  });

  it('charges late events for items of their own, as large as those get', () => {
    const inTime = shardHour(load({ recordsPerSecond: 5 }));
    const late = shardHour(load({ recordsPerSecond: 5, lateShare: 1 }));

    // A minute and an hour of each of seven dimensions or more, for each event.
    expect(inTime.writeUnits).toBeLessThan(5 * 3_600 * 6);
    expect(late.writeUnits).toBeGreaterThan(5 * 3_600 * 10);
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
      writes: 0,
      writeUnits: 0,
      storedBytes: { minute: 0, hour: 0 },
    });
  });

  it('writes no more items for a longer window, and less for each event', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 2, max: 6 }),
        (recordsPerSecond, factor) => {
          const of = load({ recordsPerSecond, batchSize: 10_000 });
          const short = shardHour(of);
          const long = shardHour({ ...of, batchingWindowSeconds: of.batchingWindowSeconds * factor });
          expect(long.writeUnits).toBeLessThan(short.writeUnits);
          expect(long.batches).toBeLessThan(short.batches);
        },
      ),
      { numRuns: 8 },
    );
  });
});
