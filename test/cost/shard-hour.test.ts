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

interface ShardTraffic {
  readonly name: string;
  readonly of: ShardLoad;
  readonly minutes: number;
  /** That go before. */
  readonly warmUpMinutes?: number;
}

/** The first ones take least. */
const traffics: readonly ShardTraffic[] = [
  {
    name: 'an event now and then',
    of: load({ recordsPerSecond: 0.2, uniqueVisitors: 'total' }),
    minutes: 60,
  },
  {
    name: 'a batch a minute',
    of: load({ recordsPerSecond: 1, pages: 100, batchingWindowSeconds: 60 }),
    minutes: 60,
  },
  {
    name: 'a small shop',
    of: load({ recordsPerSecond: 2.5, deduplicationSeconds: 300, uniqueVisitors: 'total' }),
    minutes: 60,
  },
  {
    name: 'visitors of each page',
    of: load({ uniqueVisitors: 'page', compactionSeconds: 60 }),
    minutes: 30,
  },
  {
    name: 'packed records',
    of: load({ recordsPerSecond: 5, eventsPerRecord: 20, pages: 200 }),
    minutes: 12,
  },
  {
    name: 'ten events a second',
    of: load({ deduplicationSeconds: 300, uniqueVisitors: 'total' }),
    minutes: 60,
  },
  { name: 'a hundred events a second', of: load({ recordsPerSecond: 100 }), minutes: 12 },
  { name: 'many pages', of: load({ recordsPerSecond: 15, pages: 30_000 }), minutes: 60 },
  {
    name: 'events that come late, into windows of a day before',
    of: load({ recordsPerSecond: 0.3, lateShare: 0.1, batchingWindowSeconds: 60, compactionSeconds: 900 }),
    minutes: 60,
    warmUpMinutes: 25 * 60,
  },
];
const quickest = 4;

describe('The write units of a shard’s hour', () => {
  it.each(process.env.TEST_ALL ? traffics : traffics.slice(0, quickest))(
    'are those of the real code for $name',
    async ({ of, minutes, warmUpMinutes }) => {
      const real = await charged(of, minutes, warmUpMinutes);
      const hour = shardHour(of);

      // An item of a day of many pages is not in its first hour what it is on the mean of the day.
      const left = of.pages > 1_000 ? windowSizes.filter((size) => windowMs[size] > windowMs.hour) : [];
      const sum = (units: Readonly<Record<WindowSize, number>>) =>
        left.reduce((total, size) => total + units[size], 0);
      expectNear(writeUnitsOf(hour) - sum(hour.writeUnits), real.write - sum(real), 0.12);
      if (of.lateShare > 0) return;
      expectNear(hour.readUnits, real.read, 0.12);
      expectNear(hour.items, real.items, 0.12);
      if (of.deduplicationSeconds > 0) expectNear(hour.writeUnits.ids, real.ids, 0.03);
      for (const size of windowSizes.filter((one) => !left.includes(one))) {
        expectNear(hour.writeUnits[size], real[size], 0.25);
      }
    },
    120_000,
  );

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
