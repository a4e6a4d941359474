import fc from 'fast-check';
import { fold } from '../../../domain/fold';
import { clickJson } from '../../support/click-factory';
import { kplAggregate } from '../../support/kpl-encoder';
import { createMemoryDynamo } from '../../support/memory-dynamo';
import { pages } from '../../support/stream-record-arbitrary';
import { cleanPass, contents, deliver, faulty, shardRecords } from './shard-simulator';

/** The stories that are worth telling by name; the model in test/model/ plays all others. */
describe('The table equals one clean pass', () => {
  it('when the function dies between any two writes and the whole batch comes back', async () => {
    const records = shardRecords(pages.map((page) => clickJson({ page })));
    const expected = contents(await cleanPass(records));
    const { applied } = (await cleanPass(records)).counts;
    for (let survived = 0; survived <= applied; survived++) {
      const dynamo = createMemoryDynamo();
      // Every call from this one on fails, which is what a dead process looks like to the table.
      const dying = faulty(
        dynamo,
        new Map(Array.from({ length: applied }, (_, i) => [survived + i, 'before'])),
      );
      await deliver(dying, records);
      expect(dynamo.counts.applied).toBe(Math.min(survived, applied));
      await deliver(dynamo, records);
      expect(contents(dynamo)).toEqual(expected);
    }
  });

  it('when the same events are bisected, as after a function that threw', async () => {
    const records = shardRecords(Array.from({ length: 9 }, (_, i) => clickJson({ page: pages[i % 3]! })));
    const dynamo = createMemoryDynamo();
    await deliver(faulty(dynamo, new Map([[5, 'after']])), records);
    await deliver(dynamo, records.slice(0, 4));
    await deliver(dynamo, records.slice(4, 6));
    await deliver(dynamo, records.slice(6));
    expect(contents(dynamo)).toEqual(contents(await cleanPass(records)));
  });

  it('when the shard is split: each shard has items of its own, even if sequence numbers repeat', async () => {
    const records = shardRecords(Array.from({ length: 4 }, () => clickJson({ page: '/docs' })));
    const dynamo = createMemoryDynamo();
    for (const shardName of [
      'clicks/shardId-000000000000',
      'clicks/shardId-000000000001',
      'replaced/shardId-000000000000',
    ]) {
      await deliver(dynamo, records, shardName);
      await deliver(dynamo, records.slice(2), shardName);
    }
    const total = dynamo
      .items()
      .filter(({ pk, sk }) => pk?.S === 'total#0' && sk?.S?.startsWith('hour'))
      .reduce((sum, item) => sum + Number(item['n:all']?.N), 0);
    expect(total).toBe(12);
  });
});

describe('A write that would pass what one update holds', () => {
  const manyPages = Array.from({ length: 700 }, (_, i) => ({ type: `type-${i % 640}` }));
  const records = shardRecords(manyPages.map((event) => clickJson(event)));

  it('is split by position, each part within the limits, and counts the same', async () => {
    const operations: number[] = [];
    const dynamo = createMemoryDynamo();
    await deliver(
      {
        ...dynamo,
        update: (input, signal) => {
          operations.push(Object.keys(input.ExpressionAttributeNames ?? {}).length);
          expect(Buffer.byteLength(input.UpdateExpression ?? '')).toBeLessThanOrEqual(4096);
          return dynamo.update(input, signal);
        },
      },
      records,
    );
    expect(Math.max(...operations)).toBeLessThanOrEqual(300);
    const types = dynamo.items().find(({ pk, sk }) => pk?.S === 'type#0' && sk?.S?.startsWith('hour'))!;
    expect(Object.keys(types).filter((name) => name.startsWith('n:')).length).toBe(640);
    expect(types['n:type-3']).toEqual({ N: '2' });
  });

  it('is exact when it is cut short between its parts', async () => {
    const expected = contents(await cleanPass(records));
    for (let fault = 0; fault < 24; fault++) {
      const dynamo = createMemoryDynamo();
      await deliver(faulty(dynamo, new Map([[fault, fault % 2 ? 'before' : 'after']])), records);
      await deliver(dynamo, records);
      expect(contents(dynamo)).toEqual(expected);
    }
  });
});

describe.each([
  ['A packed record', (lines: readonly string[]) => lines.join('\n')],
  ['A KPL aggregate', kplAggregate],
  [
    'A KPL aggregate of packed records',
    (lines: readonly string[]) =>
      kplAggregate([lines.slice(0, 100).join('\n'), ...lines.slice(100, 400), lines.slice(400).join('\n')]),
  ],
])('%s', (_, pack) => {
  const lines = Array.from({ length: 600 }, (_, i) => clickJson({ type: `type-${i}` }));
  const records = shardRecords([pack(lines), clickJson({ type: 'type-7' })]);

  it('may be split between its events, and none of them is lost or counted twice', async () => {
    const whole = await cleanPass(records);
    const types = whole.items().find(({ pk, sk }) => pk?.S === 'type#0' && sk?.S?.startsWith('hour'))!;
    expect(Object.keys(types).filter((name) => name.startsWith('n:')).length).toBe(600);
    expect(types['n:type-7']).toEqual({ N: '2' });
    for (let fault = 0; fault < whole.counts.applied; fault++) {
      const dynamo = createMemoryDynamo();
      await deliver(faulty(dynamo, new Map([[fault, fault % 2 ? 'before' : 'after']])), records);
      await deliver(dynamo, records);
      expect(contents(dynamo)).toEqual(contents(whole));
    }
  });
});

describe('A record of 1 MiB of bad lines', () => {
  it.each([
    ['x\n', 'not_json'],
    ['{}\n[]\n', 'not_object'],
  ])('is counted line by line without an entry for each: %j', async (unit, reason) => {
    const data = unit.repeat(Math.floor((1024 * 1024) / unit.length));
    const [record] = shardRecords([data]);
    for (const { entries } of fold('clicks/shard', [record!]).runs) expect(entries.length).toBeLessThan(5);
    const dynamo = await cleanPass([record!]);
    await deliver(dynamo, [record!]);
    const invalid = dynamo.items().find(({ pk, sk }) => pk?.S === 'invalid#0' && sk?.S?.startsWith('hour'))!;
    expect(Number(invalid[`n:${reason}`]?.N)).toBe(data.length / unit.length);
  });
});

describe('An item that nears its cap', () => {
  // 223 bytes a value, so the item takes 1,340 values; the rest, in the order of events, has no room.
  const wide = Array.from({ length: 1_500 }, (_, i) =>
    clickJson({ type: `${String(i).padStart(5, '0')}${'x'.repeat(195)}` }),
  );
  const records = shardRecords([...wide, wide[0]!, wide[1_400]!]);

  it('counts values that have no room as other, and goes on counting those that have', async () => {
    const dynamo = await cleanPass(records);
    const types = dynamo.items().find(({ pk, sk }) => pk?.S === 'type#0' && sk?.S?.startsWith('hour'))!;
    const values = Object.keys(types).filter((name) => name.startsWith('n:'));
    expect(values.length).toBe(1_340);
    expect(types.other).toEqual({ N: '161' });
    expect(types[`n:00000${'x'.repeat(195)}`]).toEqual({ N: '2' });
    expect(Buffer.byteLength(JSON.stringify(types))).toBeLessThan(400_000);
  });

  it('comes to the same however the events were batched and delivered again', async () => {
    const expected = contents(await cleanPass(records));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 40, max: 600 }),
        fc.integer({ min: 0, max: 90 }),
        async (size, back) => {
          const dynamo = createMemoryDynamo();
          for (let end = 0; end < records.length; end += size) {
            await deliver(dynamo, records.slice(Math.max(end - back, 0), end + size));
          }
          expect(contents(dynamo)).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is read again only when its bound says that there may be no room, not at every write', async () => {
    const dynamo = createMemoryDynamo();
    for (let i = 0; i < 400; i++)
      await deliver(
        dynamo,
        shardRecords([clickJson({})]).map((record) => ({ ...record, sequenceNumber: `${i + 1}` })),
      );
    expect(dynamo.counts.refused).toBe(0);
  });
});
