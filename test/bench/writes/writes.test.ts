import { clickSource, valueReader } from '../../../bench/writes/clicks';
import type { DesignKind } from '../../../bench/writes/design';
import { designKinds } from '../../../bench/writes/designs';
import { measureHour } from '../../../bench/writes/hour';
import { layoutKinds } from '../../../bench/writes/layouts';
import { simulatedShard } from '../../../cost/table/simulated-shard';
import type { WindowSize } from '../../../domain/counters/window';
import { aggregate } from '../../../lambda/aggregator/aggregate';
import { dynamoCountersTable } from '../../../lambda/aggregator/counters-table';
import type { DynamoCalls } from '../../../lambda/aggregator/dynamo-calls';
import { createMemoryDynamo } from '../../support/memory-dynamo';
import { neverAborted } from '../../support/never-aborted';
import { runBench } from '../run-bench';

interface Output {
  readonly designs: readonly { readonly name: string; readonly exact: { readonly is: boolean } }[];
  readonly rows: readonly {
    readonly pages: number;
    readonly lateShare: number;
    readonly recordsPerBatch: number;
    readonly designs: readonly {
      readonly scope: string;
      readonly name: string;
      readonly unitsPerThousandRecords: number;
      readonly writes: readonly {
        readonly perThousandRecords: number;
        readonly unitsPerThousandRecords: number;
      }[];
    }[];
  }[];
}

const noon = Date.UTC(2026, 0, 1, 12);
const minute = 60_000;

function designNamed(name: string): DesignKind {
  return designKinds.find((kind) => kind.name === name)!;
}

function click(number: number, page: string, at: number) {
  return {
    eventId: `event-${number}`,
    type: number % 3 === 0 ? 'click' : 'page_view',
    timestamp: new Date(at).toISOString(),
    visitorId: `visitor-${number % 7}`,
    page,
    referrer: `https://from-${number % 5}.example/`,
  };
}

/** Units of an item, by the rules as DynamoDB's documentation has them and by nothing that the model uses. */
function unitsByHand(item: object): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item) as [string, { S?: string; N?: string }][]) {
    bytes += Buffer.from(name, 'utf8').length;
    if (value.S !== undefined) bytes += Buffer.from(value.S, 'utf8').length;
    else {
      const significant = value.N!.replace(/^0+/, '').replace(/0+$/, '');
      bytes += 1 + Math.floor((significant.length + 1) / 2);
    }
  }
  return Math.floor((bytes + 1_023) / 1_024);
}

/** What a design charges for batches of events by minute of `page` alone. */
function chargesOfPages(
  name: string,
  batches: readonly (readonly string[])[],
  windows: readonly WindowSize[],
) {
  const { read } = valueReader();
  const design = designNamed(name).create(windows);
  for (const batch of batches) {
    for (const [number, page] of batch.entries()) {
      design.add(
        read(click(number, page, noon)).filter(({ dimension }) => dimension === 'page'),
        noon,
      );
    }
    design.endBatch(1);
  }
  const { requests, lines } = design.charges();
  return { requests, units: lines.reduce((sum, { units }) => sum + units, 0) };
}

describe('the benchmark of writes', () => {
  it('has pages of the length that is asked for, each its own', () => {
    const source = clickSource(12, 'lengths', 37);
    const paths = new Set(Array.from({ length: 400 }, () => source.next().page[0]!.value));

    expect(paths.size).toBe(12);
    for (const path of paths) expect(path).toMatch(/^\/product\/\d{28}$/);
  });

  it('counts the units of every design', async () => {
    const { designs, rows } = JSON.parse(await runBench('writes', '--short', '--json')) as Output;

    expect(designs.filter(({ exact }) => exact.is).map(({ name }) => name)).toEqual([
      ...['product', 'item-each', 'transactions-by-position', 'wide-item'],
    ]);
    expect(rows.map(({ pages, lateShare, recordsPerBatch }) => [pages, lateShare, recordsPerBatch])).toEqual([
      [1_000, 0, 501],
      [1_000, 0.05, 501],
    ]);
    for (const row of rows) {
      expect(row.designs.map(({ scope, name }) => `${scope}: ${name}`)).toEqual(
        ['page by minute', 'everything'].flatMap((scope) => designs.map(({ name }) => `${scope}: ${name}`)),
      );
      for (const { writes, unitsPerThousandRecords } of row.designs) {
        const units = writes.reduce((sum, write) => sum + write.unitsPerThousandRecords, 0);
        expect(unitsPerThousandRecords).toBeCloseTo(units, 6);
      }
      const each = row.designs.find(({ name }) => name === 'update-each')!;
      expect(each.unitsPerThousandRecords).toBeCloseTo(1_000, 6);
    }
  }, 120_000);

  it('charges the product’s design for what the aggregator writes, item by item', async () => {
    const table = createMemoryDynamo();
    let written = { writes: 0, units: 0 };
    const calls: DynamoCalls = {
      ...table,
      async update(input, signal) {
        const output = await table.update(input, signal);
        const { Item } = await table.get({ TableName: input.TableName, Key: input.Key }, signal);
        written = { writes: written.writes + 1, units: written.units + unitsByHand(Item!) };
        return output;
      },
    };
    const counters = dynamoCountersTable(calls, 'aggregates', { minute: 35, hour: 400 });
    const design = designNamed('product').create(['minute', 'hour']);
    const { read } = valueReader();
    // Over the border of a minute, so that some items are small again; pages enough for items of several kilobytes.
    for (let batch = 0; batch < 6; batch++) {
      const events = Array.from({ length: 800 }, (_, index) => {
        const number = batch * 800 + index;
        const page = `/${'shelf/'.repeat(5)}${(number * 7_919) % (900 + batch * 300)}`;
        return { number, page, at: noon + batch * 11_000 + index * 10 };
      });
      const records = events.map(({ number, page, at }) => ({
        sequenceNumber: String(10n ** 55n + BigInt(number)),
        data: Buffer.from(JSON.stringify(click(number, page, at))),
        arrivedAt: at,
      }));
      await aggregate({ shard: simulatedShard, records }, counters, neverAborted());
      for (const { number, page, at } of events) design.add(read(click(number, page, noon)), at);
      design.endBatch(1);
    }

    const { requests, lines } = design.charges();
    expect(requests).toBe(written.writes);
    expect(written.units).toBeGreaterThan(1.5 * written.writes);
    expect(lines.reduce((sum, { units }) => sum + units, 0)).toBe(written.units);
  });

  it.each([
    // Three records of two pages, then two of one of them.
    ['product', 2 + 1, 2 + 1],
    ['update-each', 5, 5],
    ['item-each', 2 + 1, 2 + 1],
    ['transactions-by-value', 1 + 1, 2 * (2 + 1) + 2 * (1 + 1)],
    ['transactions-by-position', 1 + 1, 2 * (2 + 1) + 2 * (1 + 1)],
    ['powertools', 5 * 3, 5 * 3],
    ['wide-item', 1 + 1, 1 + 1],
    ['appended', 1 + 1, 1 + 1],
  ])('charges %s for %d requests and %d units', (name, requests, units) => {
    const batches = [
      ['/a', '/b', '/a'],
      ['/b', '/b'],
    ];

    expect(chargesOfPages(name, batches, ['minute'])).toEqual({ requests, units });
  });

  it('cuts transactions at a hundred actions, by value or into runs of events', () => {
    const pages = Array.from({ length: 150 }, (_, index) => `/${index}`);
    const batch = [...pages, ...pages];

    expect(chargesOfPages('transactions-by-value', [batch], ['minute'])).toEqual({
      requests: 2,
      units: 2 * (150 + 2),
    });
    // 99, then 51 and the first 48 again, then 51 to 146, then the rest.
    expect(chargesOfPages('transactions-by-position', [batch], ['minute'])).toEqual({
      requests: 4,
      units: 2 * (300 + 4),
    });
  });

  it('charges a late event for an item of its own, as large as those of its kind get', () => {
    const { read } = valueReader();
    const design = designNamed('wide-item').create(['minute']);
    const pages = (at: number, number: number) =>
      read(click(number, `/page/with/a/long/name/${number}`, at)).filter(
        ({ dimension }) => dimension === 'page',
      );
    for (let number = 0; number < 200; number++) design.add(pages(noon, number), noon);
    design.endBatch(1);
    // Two of one minute, one of another.
    for (const at of [noon - 90 * minute, noon - 90 * minute + 5, noon - 95 * minute])
      design.addLate(pages(noon, 3), at);
    design.endBatch(1);

    const { lines } = design.charges();
    const inTime = lines.find(({ sort }) => sort === 'page by minute')!;
    const late = lines.find(({ sort }) => sort === 'page by minute, late')!;
    expect(inTime).toMatchObject({ writes: 1, units: 6 });
    expect(late).toMatchObject({ writes: 2, units: 2 * 6 });
  });

  it('lets some minutes stand for the others where there are too many events, and comes to nearly the same', () => {
    // None are late: of an hour so slow, some minutes have too few of those.
    const load = { recordsPerSecond: 20, batchSeconds: 5, pages: 300, lateShare: 0 };
    const kinds = ['product', 'item-each', 'wide-item'].map(designNamed);
    const [sampled, whole] = [50_000, 100_000].map((eventsInFull) =>
      measureHour(load, kinds, { eventsInFull }),
    );

    expect(sampled).not.toEqual(whole);
    for (const [index, { name, unitsPerThousandRecords }] of whole!.designs.entries()) {
      const ratio = sampled!.designs[index]!.unitsPerThousandRecords / unitsPerThousandRecords;
      expect({ name, isNear: Math.abs(ratio - 1) < 0.05 }).toEqual({ name, isNear: true });
    }
  });

  it('writes fewer items in a layout of fewer buckets, and one where dimensions share it', () => {
    const load = { recordsPerSecond: 20, batchSeconds: 5, pages: 300, lateShare: 0 };
    const kinds = layoutKinds.filter(({ name }) => /^(as it is|8 buckets|dimensions)/.test(name));
    const { designs } = measureHour(load, kinds, { eventsInFull: 1 });
    const requests = new Map(
      designs.filter(({ scope }) => scope === 'everything').map((d) => [d.name, d.requestsPerBatch]),
    );
    const asItIs = requests.get('as it is: 32 buckets of pages')!;

    expect(requests.get('8 buckets of pages')).toBeLessThan(asItIs - 20);
    // Total, type, device and bot.
    expect(asItIs - requests.get('dimensions of one bucket in one item')!).toBeCloseTo(3 * 2, 0);
  });
});
