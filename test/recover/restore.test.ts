import { itemPartition } from '../../domain/counters/table-layout';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { clickJson } from '../support/click-factory';
import { createMemoryDynamo, type MemoryDynamo } from '../support/memory-dynamo';
import { shardKey, shardRecords } from '../support/shard-records';
import { cleanPass, type LogBench, logBench } from './log-bench';

const horizon = { settings: { deduplicationSeconds: 300, uniqueVisitors: 'page' } } as const;

type Item = ReturnType<MemoryDynamo['items']>[number];

/** Twelve records with copies, some of which are rejected. */
const twelve = (): ShardRecord[] => {
  const lines = Array.from({ length: 12 }, (_, index) => {
    if (index % 5 === 4) return 'no json';
    return clickJson({
      eventId: `event-${index % 9}`,
      page: `/${index % 3}`,
      visitorId: `visitor-${index % 4}`,
    });
  });
  return shardRecords(lines);
};

const isItem = ({ pk }: Item): boolean => !/^(shards|log#|ids#)/.test(pk?.S ?? '');

async function restored(items: readonly Item[]): Promise<MemoryDynamo> {
  const dynamo = createMemoryDynamo();
  for (const Item of items) await dynamo.put({ TableName: 'aggregates', Item });
  return dynamo;
}

/** A pipeline that ran for a while: a batch was given up and repaired, and another one is not repaired yet. */
async function history() {
  const records = twelve();
  const bench = logBench(records, horizon);
  await bench.deliver(records.slice(0, 2));
  await bench.compact();
  await bench.deliver(records.slice(4, 5));
  const [log, atPoint] = [bench.dynamo.items(), 5];
  // What is behind the point of the restore.
  await bench.repair(await bench.giveUp(records.slice(2, 4)));
  await bench.deliver(records.slice(5, 7));
  await bench.giveUp(records.slice(7, 9), 'd4e5f6');
  await bench.compact();
  const items = bench.dynamo.items().filter(isItem);
  await bench.deliver(records.slice(9));
  await bench.archived.archiveUpTo(records.length);
  return { records, log, items, atPoint, onFailure: bench.onFailure };
}

async function follow(bench: LogBench, from: LogBench['onFailure']): Promise<void> {
  for (const [key, object] of from.objects) bench.onFailure.objects.set(key, object);
  await bench.archived.archiveUpTo(12);
}

describe('The procedure for a restored table', () => {
  it.each([
    { what: 'of one moment', isAhead: false },
    { what: 'whose items are ahead of its log', isAhead: true },
  ])('puts one right $what', async ({ isAhead }) => {
    for (const setBackTo of [0, 3, 5]) {
      const { records, log, items, onFailure } = await history();
      const dynamo = await restored(isAhead ? [...log.filter((item) => !isItem(item)), ...items] : log);
      const bench = logBench(records, { ...horizon, dynamo });
      await follow(bench, onFailure);
      if (isAhead) {
        expect(await bench.rebuild()).toMatchObject({
          deltas: 0,
          reasons: expect.arrayContaining([expect.stringContaining('has items ahead of its log')]),
        });
      }

      // The mapping, created anew before the point, hands out all but what it gives up again.
      await bench.deliver(records.slice(setBackTo, 7));
      await bench.deliver(records.slice(9));
      await bench.compact();
      expect((await bench.repairAll(true)).map(({ outcome }) => outcome)).not.toContain('left');
      // Items that are ahead count twice what the log counts again.
      await bench.rebuild({ fewer: isAhead });

      expect(await bench.verify()).toMatchObject({ exact: true, notCompared: [] });
      expect(await bench.counted()).toEqual(await cleanPass(records, horizon));
      expect(bench.onFailure.keys().every((key) => key.startsWith('repaired/'))).toBe(true);
    }
  });

  it('needs the objects below repaired/: without them, their events stay given up', async () => {
    const { records, log, onFailure } = await history();
    const bench = logBench(records, { ...horizon, dynamo: await restored(log) });
    await follow(bench, onFailure);
    await bench.deliver(records.slice(5, 7));
    await bench.deliver(records.slice(9));

    await bench.repairAll();
    expect(await bench.verify()).toMatchObject({ exact: false, givenUp: 2 });
    await bench.repairAll(true);
    expect(await bench.verify()).toMatchObject({ exact: true });
  });

  it('counts a lost table anew, from entries that stand where the mapping begins', async () => {
    const { records, onFailure } = await history();
    const bench = logBench(records, horizon);
    await follow(bench, onFailure);
    const { sequenceNumber } = records[6]!;
    const compactedTo = `${String(sequenceNumber.length).padStart(3, '0')}:${sequenceNumber}`;
    await bench.dynamo.put({
      TableName: 'aggregates',
      Item: {
        ...{ pk: { S: 'shards' }, sk: { S: shardKey } },
        ...{ compactedTo: { S: compactedTo }, activeUntil: { N: '0' } },
      },
    });

    await bench.deliver(records.slice(6));
    await bench.rebuild();
    expect(await bench.verify()).toMatchObject({ exact: true, events: 12 });
    expect(await bench.counted()).toEqual(await cleanPass(records, horizon));
    expect(bench.dynamo.items().some(({ pk }) => pk?.S === itemPartition('summary', 0))).toBe(false);
  });
});

describe('The procedure for a gap in the log', () => {
  it('goes on behind it, and counts from the archive what was lost', async () => {
    const records = twelve();
    const bench = logBench(records, horizon);
    await bench.archived.archiveUpTo(records.length);
    await bench.deliver(records.slice(0, 3));
    await bench.compact();
    for (const from of [3, 5, 7]) await bench.deliver(records.slice(from, from + 2));
    const [, , lost, next] = await bench.deltas();
    const Key = { pk: { S: `log#${shardKey}` }, sk: { S: lost!.predecessor } };
    await bench.dynamo.delete({ TableName: 'aggregates', Key });
    await bench.deliver(records.slice(9));

    await expect(bench.verify()).rejects.toThrow(`the next one stands behind ${next!.predecessor}`);
    await bench.dynamo.update({
      TableName: 'aggregates',
      Key: { pk: { S: 'shards' }, sk: { S: shardKey } },
      UpdateExpression: 'SET #to = :y',
      ExpressionAttributeNames: { '#to': 'compactedTo' },
      ExpressionAttributeValues: { ':y': { S: next!.predecessor } },
    });
    // Four records are in no item: those of the gap, and of the delta before it, which was pending.
    expect(await bench.verify()).toMatchObject({ exact: false, events: 8 });
    expect(await bench.rebuild()).toMatchObject({ reasons: [] });
    expect(await bench.verify()).toMatchObject({ exact: true, events: 12 });
    await bench.compact();
    expect(await bench.counted()).toEqual(await cleanPass(records, horizon));
  });
});
