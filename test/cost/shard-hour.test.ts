import { meterShard } from '../../bench/writes/meter-shard';
import type { Sort } from '../../bench/writes/metered-table';
import { recordsOfBatch, type ShardHour, type ShardLoad, shardHour } from '../../cost/shard-hour';
import { dimensions } from '../../domain/counters/dimensions';
import { groupOf } from '../../domain/counters/item';
import { byWindowSize, type WindowSize, windowMs, windowSizes } from '../../domain/counters/window';

function load(overrides: Partial<ShardLoad> = {}): ShardLoad {
  return {
    recordsPerSecond: 10,
    eventsPerRecord: 1,
    recordBytes: 400,
    batchSize: 5_000,
    batchingWindowSeconds: 5,
    compactionSeconds: 300,
    pages: 1_000,
    lateShare: 0,
    deduplicationSeconds: 0,
    uniqueVisitors: 'off',
    ...overrides,
  };
}

/** What the aggregator's appender and the compactor are charged for the load, as units an hour. */
async function charged(of: ShardLoad, minutes: number, warmUpMinutes = 0) {
  const metered = await meterShard({ ...of, batchRecords: recordsOfBatch(of) }, minutes, warmUpMinutes);
  const units = { write: 0, read: 0, ids: 0, items: 0, ...byWindowSize(() => 0) };
  for (const [sort, { writes, writeUnits, readUnits }] of metered.charges) {
    units.write += writeUnits;
    units.read += readUnits;
    if (sort === 'ids') units.ids += writeUnits;
    const [group, size] = sort.split(' by ');
    if (size !== undefined && countedGroups.has(group!)) units[size as WindowSize] += writeUnits;
    if (isItem(sort)) units.items += writes;
  }
  return Object.fromEntries(
    Object.entries(units).map(([name, sum]) => [name, (sum * 60) / minutes]),
  ) as typeof units;
}

/** Groups of items that hold counters; the others hold sketches. */
const countedGroups = new Set(dimensions.map(groupOf));

function isItem(sort: Sort): boolean {
  return sort.includes(' by ');
}

function writeUnitsOf({ writeUnits }: ShardHour): number {
  return Object.values(writeUnits).reduce((sum, units) => sum + units, 0);
}

/** @param off as a share of what is right */
function expectNear(figure: number, right: number, off: number): void {
  expect(Math.abs(figure / right - 1)).toBeLessThan(off);
}

describe('The write units of a shard’s hour', () => {
  it.each([
    ['a small shop', load({ recordsPerSecond: 2.5, deduplicationSeconds: 300, uniqueVisitors: 'total' }), 60],
    ['ten events a second', load({ deduplicationSeconds: 300, uniqueVisitors: 'total' }), 60],
    ['a hundred events a second', load({ recordsPerSecond: 100 }), 12],
    ['visitors of each page', load({ uniqueVisitors: 'page', compactionSeconds: 60 }), 30],
    ['packed records', load({ recordsPerSecond: 5, eventsPerRecord: 20, pages: 200 }), 12],
    ['many pages', load({ recordsPerSecond: 15, pages: 30_000 }), 60],
    ['an event now and then', load({ recordsPerSecond: 0.2, uniqueVisitors: 'total' }), 60],
    ['a batch a minute', load({ recordsPerSecond: 1, pages: 100, batchingWindowSeconds: 60 }), 60],
  ])(
    'are those of the real code for %s',
    async (_, of, minutes) => {
      const real = await charged(of, minutes);
      const hour = shardHour(of);

      // An item of a day of many pages is not in its first hour what it is on the mean of the day.
      const left = of.pages > 1_000 ? windowSizes.filter((size) => windowMs[size] > windowMs.hour) : [];
      const sum = (units: Readonly<Record<WindowSize, number>>) =>
        left.reduce((total, size) => total + units[size], 0);
      expectNear(writeUnitsOf(hour) - sum(hour.writeUnits), real.write - sum(real), 0.12);
      expectNear(hour.readUnits, real.read, 0.12);
      expectNear(hour.items, real.items, 0.12);
      if (of.deduplicationSeconds > 0) expectNear(hour.writeUnits.ids, real.ids, 0.03);
      for (const size of windowSizes.filter((one) => !left.includes(one))) {
        expectNear(hour.writeUnits[size], real[size], 0.25);
      }
    },
    120_000,
  );

  it('are those of the real code where events come late, into windows of a day before', async () => {
    const of = load({
      ...{ recordsPerSecond: 0.3, lateShare: 0.1 },
      ...{ batchingWindowSeconds: 60, compactionSeconds: 900 },
    });
    const real = await charged(of, 60, 25 * 60);

    expectNear(writeUnitsOf(shardHour(of)), real.write, 0.12);
  }, 120_000);

  it.each([
    ['10/s', load(), 130],
    ['100/s', load({ recordsPerSecond: 100 }), 25],
    ['1,000/s', load({ recordsPerSecond: 1_000 }), 4],
    ['1,000/s, 5 % late', load({ recordsPerSecond: 1_000, lateShare: 0.05 }), 130],
  ])('stay within what the design promises for 1,000 records at %s', (_, of, most) => {
    expect(writeUnitsOf(shardHour(of)) / (of.recordsPerSecond * 3.6)).toBeLessThan(most);
  });

  it('grow with what is asked for, and shrink with patience', () => {
    const units = (overrides: Partial<ShardLoad>) => writeUnitsOf(shardHour(load(overrides)));

    expect(units({ deduplicationSeconds: 60 })).toBeGreaterThan(units({}));
    expect(units({ uniqueVisitors: 'total' })).toBeGreaterThan(units({}));
    expect(units({ uniqueVisitors: 'page' })).toBeGreaterThan(units({ uniqueVisitors: 'total' }));
    expect(units({ lateShare: 0.05 })).toBeGreaterThan(units({ lateShare: 0.01 }));
    expect(units({ pages: 100_000 })).toBeGreaterThan(units({}));
    expect(units({ compactionSeconds: 900 })).toBeLessThan(units({}));
    expect(units({ batchingWindowSeconds: 60 })).toBeLessThan(units({}));
  });

  it('are none without records', () => {
    const { batches, compactions, items, readUnits, ...hour } = shardHour(load({ recordsPerSecond: 0 }));

    expect([batches, compactions, items, readUnits]).toEqual([0, 0, 0, 0]);
    expect(writeUnitsOf({ ...hour, batches, compactions, items, readUnits })).toBe(0);
  });
});

describe('A batch', () => {
  it.each([
    ['the window', {}, 51],
    ['a second of polling', { batchingWindowSeconds: 0 }, 11],
    ['its size', { batchSize: 20 }, 20],
    ['6 MB of event', { recordsPerSecond: 900, batchingWindowSeconds: 60, recordBytes: 40_000 }, 116],
    ['one record, if they are rare', { recordsPerSecond: 0.1 }, 1],
    ['one record, if it is larger than 6 MB', { recordBytes: 5_000_000 }, 1],
  ])('ends by %s', (_, overrides, records) => {
    expect(recordsOfBatch(load(overrides))).toBe(records);
  });
});
