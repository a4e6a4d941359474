import { randomUUID } from 'node:crypto';
import type { BatchGetItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Delta, DeltaContent } from '../../domain/counters/delta';
import { emptyContent, type Item } from '../../domain/counters/item';
import { logBegin } from '../../domain/counters/log-place';
import { seenIds } from '../../domain/duplicates/ids-body';
import { type DynamoCalls, dynamoCalls } from '../../table/dynamo-calls';
import { logTable, type StoredDelta } from '../../table/log-table';
import { createAggregatesTable, type DynamoServer, startDynamoServer } from '../support/aggregates-table';
import { abortable, interceptedCalls } from '../support/intercepted-calls';
import { createMemoryDynamo } from '../support/memory-dynamo';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('log-table');
let server: DynamoServer;
beforeAll(async () => {
  server = await startDynamoServer(folder);
});
afterAll(() => server.close());

const shard = 'clicks/shardId-000000000005';
const other = 'clicks/shardId-0000000000050';

function contentOf(value: string): DeltaContent {
  const counts = { values: new Map([[value, 7]]), other: 0, cut: 2 };
  const windows = new Map([['minute', new Map([[1_772_359_200_000, counts]])] as const]);
  return {
    isEachWindow: false,
    dimensions: new Map([['page', { buckets: 32, windows }]]),
    sketches: new Map(),
  };
}

function deltaOf(predecessor: string, last: string, overrides: Partial<Delta> = {}): Delta {
  return {
    kind: 'live',
    predecessor,
    last,
    covers: [{ first: `${last.slice(0, -1)}0`, last }],
    arrivedAt: 1_772_359_200_123,
    idsToken: undefined,
    expiresAt: 1_773_568_800,
    content: contentOf(last),
    ...overrides,
  };
}

function itemOf(seq: string, count: number): Item {
  const content = emptyContent();
  content.counts.set('page', { values: new Map([['/', count]]), other: 0, cut: 0 });
  return { seq, expiresAt: 1_773_568_800, content };
}

async function all<T>(generator: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of generator) found.push(one);
  return found;
}

const places = async (deltas: AsyncIterable<StoredDelta>) => (await all(deltas)).map(({ last }) => last);

const places3 = ['001:7:0000002', '001:8:0000003', '001:8:0000003!000001'] as const;

const tables: readonly [string, () => Promise<[DynamoCalls, string]>][] = [
  ['in memory', async () => [createMemoryDynamo({ itemsPerPage: 2 }), 'aggregates']],
  [
    'on the wire',
    async () => {
      const name = `aggregates-${randomUUID()}`;
      await createAggregatesTable(server.client, name);
      return [dynamoCalls(server.client), name];
    },
  ],
];

describe.each(tables)('The table %s', (_, create) => {
  let table: ReturnType<typeof logTable>;
  let calls: DynamoCalls;
  let name: string;
  beforeEach(async () => {
    [calls, name] = await create();
    table = logTable(calls, name);
  });

  it('takes the entry of a shard once, and keeps the first', async () => {
    expect(await table.entry(shard)).toBeUndefined();
    expect(await table.createEntry(shard, 500)).toBe(true);
    expect(await table.createEntry(shard, 900)).toBe(false);
    expect(await table.entry(shard)).toEqual({
      shardKey: shard,
      compactedTo: logBegin,
      compactedAt: undefined,
      countedUntil: undefined,
      activeUntil: 500,
      isSettled: false,
    });
  });

  it('moves where a shard is compacted to forwards alone', async () => {
    const to = (place: string, at: number) =>
      table.moveCompacted(shard, { place, countedUntil: at * 10, at });
    expect(await to(places3[0], 1)).toBe(false);
    await table.createEntry(shard, 500);
    expect([await to(places3[1], 2), await to(places3[0], 3), await to(places3[1], 4)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await table.entry(shard)).toMatchObject({
      compactedTo: places3[1],
      compactedAt: 2,
      countedUntil: 20,
    });
    expect(await to(places3[2], 5)).toBe(true);
  });

  it('settles an entry unless it was renewed meanwhile; renewal ends that', async () => {
    await table.createEntry(shard, 500);
    await table.settleEntry(shard, 499);
    expect((await table.entry(shard))?.isSettled).toBe(false);
    await table.settleEntry(shard, 500);
    expect((await table.entry(shard))?.isSettled).toBe(true);
    await table.renewEntry(shard, 800);
    expect(await table.entry(shard)).toMatchObject({
      isSettled: false,
      activeUntil: 800,
      compactedTo: logBegin,
    });
  });

  it('lists the entries of all shards, page by page', async () => {
    const keys = Array.from({ length: 5 }, (_, i) => `clicks/shardId-00${i}`);
    for (const key of keys) await table.createEntry(key, 1);
    expect((await table.entries()).map(({ shardKey }) => shardKey)).toEqual(keys);
  });

  it('takes one delta behind a place, and refuses the second', async () => {
    expect(await table.putDelta(shard, deltaOf(logBegin, places3[0]))).toBe(true);
    expect(await table.putDelta(shard, deltaOf(logBegin, places3[1]))).toBe(false);
    expect(await table.putDelta(other, deltaOf(logBegin, places3[1]))).toBe(true);
    expect(await places(table.deltas(shard, logBegin))).toEqual([places3[0]]);
  });

  it('gives back deltas as they were put: in their order from a place on, and backwards', async () => {
    const deltas = [
      deltaOf(logBegin, places3[0], { idsToken: 'token-4' }),
      deltaOf(places3[0], places3[1]),
      deltaOf(places3[1], places3[2], {
        kind: 'repair',
        covers: [
          { first: '001:3:0000000', last: '001:4:0000001' },
          { first: '001:6:0000000', last: '001:6:0000000' },
        ],
      }),
      deltaOf(places3[2], '001:9:0000000', { kind: 'rebuild', covers: [] }),
    ];
    for (const delta of deltas.toReversed()) await table.putDelta(shard, delta);
    await table.putDelta(other, deltaOf(logBegin, '001:9:0000009'));
    const found = await all(table.deltas(shard, logBegin));
    expect(found.map(({ content, bodyBytes, ...delta }) => ({ ...delta, content: content() }))).toEqual(
      deltas,
    );
    for (const { bodyBytes } of found) expect(bodyBytes).toBeGreaterThan(20);
    expect(await places(table.deltas(shard, places3[1]))).toEqual([places3[2], '001:9:0000000']);
    expect(await places(table.deltasBackwards(shard))).toEqual(deltas.map(({ last }) => last).toReversed());
  });

  it('keeps ids by the delta and the token that they were put with', async () => {
    const ids = (low: number, token: string) => ({
      ...seenIds([{ hash: { high: 3, low }, arrivedAt: 25_000 }], 12_000),
      last: places3[0],
      token,
      expiresAt: 1_773_568_800,
    });
    await table.putIds(shard, ids(1, 'lost'));
    await table.putIds(shard, ids(2, 'used'));
    const found = await table.idsOf(shard, [
      { last: places3[0], idsToken: 'used' },
      { last: places3[1], idsToken: undefined },
      { last: places3[2], idsToken: 'expired' },
    ]);
    expect(
      found.map(({ sliceMs, bySlice }) => [sliceMs, [...bySlice].map(([at, list]) => [at, [...list]])]),
    ).toEqual([[12_000, [[2, [{ high: 3, low: 2 }]]]]]);
  });

  it('takes an item if its place is as it was read, or it is still absent', async () => {
    const key = { pk: 'page#3', sk: `hour#2026-03-01T10:00:00Z#${shard}` };
    const put = (seq: string, count: number, readSeq: string | undefined) =>
      table.putItem(key, itemOf(seq, count), readSeq);
    expect(await put(places3[0], 1, places3[0])).toBe(false);
    expect(await put(places3[0], 2, undefined)).toBe(true);
    expect(await put(places3[1], 3, undefined)).toBe(false);
    expect(await put(places3[1], 4, places3[2])).toBe(false);
    expect(await put(places3[1], 5, places3[0])).toBe(true);
    expect(await table.items([key])).toEqual([{ key, item: itemOf(places3[1], 5) }]);
  });

  it('gives items by key, however many, without those that are not there', async () => {
    const keys = Array.from({ length: 230 }, (_, i) => ({ pk: `page#${i % 7}`, sk: `hour#${i}` }));
    const stored = keys.filter((_, i) => i % 3 === 0);
    for (const [index, key] of stored.entries())
      await table.putItem(key, itemOf(places3[0], index), undefined);
    const found = await table.items(keys);
    expect(found.map(({ key }) => key.sk).sort()).toEqual(stored.map(({ sk }) => sk).sort());
    expect(await table.items([])).toEqual([]);
  });

  it('gives the items of a range of one partition, page by page', async () => {
    for (const hour of ['08', '09', '10', '11', '12']) {
      const key = { pk: 'page#3', sk: `hour#2026-03-01T${hour}:00:00Z#${shard}` };
      await table.putItem(key, itemOf(places3[0], Number(hour)), undefined);
      await table.putItem({ ...key, pk: 'page#30' }, itemOf(places3[0], 99), undefined);
    }
    const range = { pk: 'page#3', from: 'hour#2026-03-01T09:00:00Z', to: 'hour#2026-03-01T12:00:00Z' };
    const found = await all(table.itemsIn(range));
    expect(found.map(({ item }) => item.content.counts.get('page')?.values.get('/'))).toEqual([9, 10, 11]);
  });

  it('throws what is no matter of a condition', async () => {
    const broken = logTable({ ...calls, put: () => Promise.reject(new Error('throttled')) }, name);
    await expect(broken.putDelta(shard, deltaOf(logBegin, places3[0]))).rejects.toThrow('throttled');
    await expect(logTable(abortable(calls), name).entries(AbortSignal.abort())).rejects.toThrow('aborted');
  });
});

it('Reads of the table are strongly consistent, all of them', async () => {
  const asked: unknown[] = [];
  const calls = interceptedCalls(createMemoryDynamo(), (_name, input, act) => {
    const { ConsistentRead, RequestItems } = input as { ConsistentRead?: boolean } & BatchGetItemCommandInput;
    asked.push(ConsistentRead ?? RequestItems?.aggregates?.ConsistentRead);
    return act();
  });
  const table = logTable(calls, 'aggregates');
  await table.entries();
  await table.entry(shard);
  await all(table.deltas(shard, logBegin));
  await all(table.deltasBackwards(shard));
  await table.idsOf(shard, [{ last: places3[0], idsToken: 'token' }]);
  await table.items([{ pk: 'page#3', sk: 'hour#' }]);
  await all(table.itemsIn({ pk: 'page#3', from: 'a', to: 'b' }));
  expect(asked).toEqual(Array.from({ length: 7 }, () => true));
});

it('The table adds up the units that it is charged', async () => {
  const memory = createMemoryDynamo();
  const capacity = (CapacityUnits: number) => ({ ConsumedCapacity: { CapacityUnits } });
  const table = logTable(
    {
      ...memory,
      put: async (input) => ({ ...(await memory.put(input)), ...capacity(3) }),
      update: async (input) => ({ ...(await memory.update(input)), ...capacity(5) }),
      get: async (input) => ({ ...(await memory.get(input)), ...capacity(7) }),
      query: async (input) => ({ ...(await memory.query(input)), ...capacity(11) }),
      batchGet: async (input) => ({
        ...(await memory.batchGet(input)),
        ConsumedCapacity: [{ CapacityUnits: 13 }],
      }),
    },
    'aggregates',
  );
  await table.createEntry(shard, 1);
  await table.renewEntry(shard, 2);
  expect(table.units).toEqual({ read: 0, write: 8 });
  await table.entry(shard);
  await table.entries();
  await table.items([{ pk: 'page#3', sk: 'hour#' }]);
  expect(table.units).toEqual({ read: 31, write: 8 });
});
