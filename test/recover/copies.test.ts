import { itemId } from '../../domain/counter-item';
import type { ShardRecord } from '../../domain/fold';
import { isRecentKey } from '../../domain/recent-item';
import { dynamoRecentEvents } from '../../lambda/aggregator/recent-events';
import { repairObject } from '../../recover/repair/repair';
import { contents, deliver, shardRecords } from '../lambda/aggregator/shard-simulator';
import { clickJson } from '../support/click-factory';
import { createMemoryDynamo, type MemoryDynamo } from '../support/memory-dynamo';
import { neverAborted } from '../support/never-aborted';
import { archivedShard, shard } from './archived-shard';
import { givenUp } from './failure-factory';
import { now, repairBench, settings } from './repair-bench';

const deduplicationSeconds = 300;
const desktop = { userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0' };

const click = (eventId: string, minute: string, more: { userAgent?: string; type?: string } = {}): string =>
  clickJson({ eventId, timestamp: `2026-03-01T${minute}:20Z`, ...more });

/**
 * Each of two batches has an event in the window in which a copy of the other's event came later: so late that a repair
 * that goes on from what it has read takes them from the stream.
 */
const crossed = (): ShardRecord[] =>
  shardRecords([
    click('phone', '09:50'),
    click('laptop', '09:51', desktop),
    [click('phone', '09:51'), click('laptop', '09:50', desktop)].join('\n'),
    [click('twice', '09:50', { type: 'scroll' }), click('twice', '09:50', { type: 'scroll' })].join('\n'),
  ]).map((record, place) => (place < 2 ? record : { ...record, arrivedAt: record.arrivedAt + 310_000 }));

/** Delivers by a function that knows nothing but what the table says. */
async function deliverCold(dynamo: MemoryDynamo, records: readonly ShardRecord[]): Promise<void> {
  const options = { tableName: 'aggregates', deduplicationSeconds, streamRetentionHours: 24 };
  await deliver(dynamo, records, shard, neverAborted(), dynamoRecentEvents(dynamo, options));
}

/** What items count, without those that count nothing, and without where they stand. */
function counted(dynamo: MemoryDynamo): Record<string, Record<string, unknown>> {
  const items = Object.entries(contents(dynamo)).filter(([id]) => !isRecentKey(id));
  return Object.fromEntries(
    items
      .map(
        ([id, item]) =>
          [id, Object.fromEntries(Object.entries(item).filter(([name]) => name.startsWith('n:')))] as const,
      )
      .filter(([, counts]) => Object.keys(counts).length > 0),
  );
}

/** The first two records were given up, each by itself and without being handed out; the others were counted. */
async function crossedBatches() {
  const records = crossed();
  const dynamo = createMemoryDynamo();
  await deliverCold(dynamo, records.slice(2));
  const archived = archivedShard(records, () => now);
  await archived.archiveUpTo(records.length);
  const { key, ports, onFailure } = await repairBench(records.slice(0, 1), archived, dynamo, {
    settings: { ...settings, deduplicationSeconds },
  });
  const other = givenUp(shard, records.slice(1, 2), { uuid: 'd4e5f6' });
  await onFailure.put(other.key, other.body);
  const clean = createMemoryDynamo();
  await deliverCold(clean, records);
  return {
    dynamo,
    keys: [key, other.key] as const,
    ports,
    repair: (one: string) => repairObject(one, false, ports),
    right: counted(clean),
  };
}

/** Has an item count an event of a value once more than it does. */
async function countOnceMore(dynamo: MemoryDynamo, pk: string, sk: string, value: string): Promise<void> {
  const item = dynamo.items().find((candidate) => candidate.pk?.S === pk && candidate.sk?.S === sk)!;
  const name = `n:${value}`;
  const N = String(Number(item[name]?.N ?? 0) + 1);
  await dynamo.put({ TableName: 'aggregates', Item: { ...item, [name]: { N } } }, neverAborted());
}

const minute = (start: string): string => `minute#2026-03-01T${start}:00Z#${shard}`;

describe('Where copies of two given-up batches were each counted in an item of the other', () => {
  it('either is repaired first, and what neither knows of is right', async () => {
    for (const first of [0, 1] as const) {
      const { dynamo, keys, repair, right } = await crossedBatches();
      expect(counted(dynamo)).not.toEqual(right);

      expect(await repair(keys[first])).toMatchObject({ outcome: 'repaired', reasons: [] });
      expect(await repair(keys[1 - first]!)).toMatchObject({ outcome: 'repaired', reasons: [] });
      expect(counted(dynamo)).toEqual(right);
    }
  });

  it.each([
    { what: 'more than these copies', pk: 'device#0', value: 'desktop', found: 'desktop 2 times, not 1' },
    {
      what: 'a duplicate that is no copy of them',
      pk: 'type#0',
      value: 'scroll',
      found: 'scroll 2 times, not 1',
    },
  ])('an item that counts $what is refused all the same', async ({ pk, value, found }) => {
    const { dynamo, keys, repair } = await crossedBatches();
    await countOnceMore(dynamo, pk, minute('09:50'), value);
    const before = contents(dynamo);

    expect(await repair(keys[0])).toMatchObject({
      outcome: 'left',
      reasons: [`item ${pk} ${minute('09:50')} counts more than archive and error prefix hold: ${found}`],
    });
    expect(contents(dynamo)).toEqual(before);
  });

  it('items that are written meanwhile are put right too, and refused if they count more than these copies', async () => {
    for (const isTooMuch of [false, true]) {
      const { dynamo, keys, ports, repair, right } = await crossedBatches();
      const { put } = ports.table;
      let refusals = 0;
      // The first write of an item comes too late, as if an aggregator had just written.
      const late = new Set<string>();
      Object.assign(ports.table, {
        put: async (...[key, ...rest]: Parameters<typeof put>) => {
          if (late.has(itemId(key))) return put(key, ...rest);
          late.add(itemId(key));
          if (refusals++ === 0 && isTooMuch)
            await countOnceMore(dynamo, 'device#0', minute('09:50'), 'desktop');
          return false;
        },
      });

      const reasons = isTooMuch
        ? [`item device#0 ${minute('09:50')} counts more than archive, error prefix and stream hold`]
        : [];
      expect(await repair(keys[0])).toMatchObject({ outcome: isTooMuch ? 'left' : 'repaired', reasons });
      if (isTooMuch) continue;
      await repair(keys[1]);
      expect(counted(dynamo)).toEqual(right);
    }
  });

  it('a batch explains nothing any more once it is repaired', async () => {
    const { dynamo, keys, repair } = await crossedBatches();
    await repair(keys[1]);
    await countOnceMore(dynamo, 'device#0', minute('09:50'), 'desktop');

    expect(await repair(keys[0])).toMatchObject({
      outcome: 'left',
      reasons: [expect.stringContaining('desktop 1 times, not 0')],
    });
  });
});

describe('Where a record was delivered again when a copy in it had become known', () => {
  /** What counts like the copy stood in one group with it, and counted once more in a group of its own. */
  const countedTwice = async () => {
    const records = shardRecords([
      click('phone', '09:50'),
      [click('phone', '09:50'), click('tablet', '09:50'), click('watch', '09:50')].join('\n'),
    ]);
    const dynamo = createMemoryDynamo();
    // Its function died before it had written which events it knew.
    await deliver(dynamo, records.slice(1), shard);
    await deliverCold(dynamo, records);
    const archived = archivedShard(records, () => now);
    await archived.archiveUpTo(records.length);
    const bench = await repairBench(records.slice(0, 1), archived, dynamo, {
      settings: { ...settings, deduplicationSeconds },
    });
    const clean = createMemoryDynamo();
    await deliverCold(clean, records);
    return { dynamo, repair: bench.repair, right: counted(clean) };
  };

  it('the items are put right', async () => {
    const { dynamo, repair, right } = await countedTwice();
    const id = `total#0 ${minute('09:50')}`;
    expect([counted(dynamo)[id], right[id]]).toEqual([{ 'n:all': { N: '5' } }, { 'n:all': { N: '3' } }]);

    expect(await repair()).toMatchObject({ outcome: 'repaired', reasons: [] });
    expect(counted(dynamo)).toEqual(right);
  });

  it('an item that counts more than that is refused', async () => {
    const { dynamo, repair } = await countedTwice();
    for (let times = 0; times < 2; times++) await countOnceMore(dynamo, 'total#0', minute('09:50'), 'all');

    expect(await repair()).toMatchObject({
      outcome: 'left',
      reasons: [expect.stringContaining('all 7 times, not 6')],
    });
  });
});
