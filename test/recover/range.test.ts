import fc from 'fast-check';
import type { ShardRecord } from '../../domain/fold';
import { rebuildRange } from '../../recover/rebuild/rebuild';
import { rangeText } from '../../recover/verify/text';
import { verifyRange } from '../../recover/verify/verify-range';
import { clickJson } from '../support/click-factory';
import { createMemoryDynamo, type MemoryDynamo } from '../support/memory-dynamo';
import { neverAborted } from '../support/never-aborted';
import { cleanPass, contents, deliver, faulty, shardRecords } from '../support/shard-records';
import { streamRecord } from '../support/stream-record-arbitrary';
import { type ArchivedShard, archivedShard } from './archived-shard';
import { now, portsOf } from './repair-bench';

const range = { from: Date.parse('2026-03-01T09:00:00Z'), to: Date.parse('2026-03-01T11:00:00Z') };

async function fullyArchived(records: ShardRecord[]): Promise<ArchivedShard> {
  const archived = archivedShard(records, () => now);
  await archived.archiveUpTo(records.length);
  return archived;
}

const verify = (dynamo: MemoryDynamo, archived: ArchivedShard) =>
  verifyRange(range, portsOf(dynamo, archived), async () => {});
const rebuild = (dynamo: MemoryDynamo, archived: ArchivedShard, options = {}) =>
  rebuildRange({ range, dryRun: false, fewer: false, ...options }, portsOf(dynamo, archived));

/** The second of three batches was given up, after some of its writes. */
const givenUpInTheMiddle = fc
  .tuple(
    fc.array(streamRecord, { minLength: 2, maxLength: 12 }),
    fc.nat(),
    fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 60 }),
  )
  .map(([data, cut, failing]) => {
    const records = shardRecords([...data, clickJson({ page: '/last' })]);
    const from = cut % (records.length - 1);
    return { records, from, to: Math.min(from + 3, records.length - 1), failing };
  });

async function played({
  records,
  from,
  to,
  failing,
}: {
  records: ShardRecord[];
  from: number;
  to: number;
  failing: number[];
}) {
  const dynamo = createMemoryDynamo();
  if (from > 0) await deliver(dynamo, records.slice(0, from));
  const faults = new Map(failing.map((call) => [call, 'before' as const]));
  await deliver(faulty(dynamo, faults), records.slice(from, to));
  await deliver(dynamo, records.slice(to));
  return dynamo;
}

const isSame = (a: MemoryDynamo, b: MemoryDynamo) => {
  const [left, right] = [a, b].map((dynamo) =>
    // Where an item stands is no matter of what it counts.
    JSON.stringify(contents(dynamo), (key, value) =>
      key === 'seq' || key === 'expiresAt' ? undefined : value,
    ),
  );
  return left === right;
};

describe('recover verify', () => {
  it('finds differences exactly where the table does not hold what one clean pass would', async () => {
    let equal = 0;
    await fc.assert(
      fc.asyncProperty(givenUpInTheMiddle, fc.nat(), async (schedule, behind) => {
        const dynamo = await played(schedule);
        const archived = archivedShard(schedule.records, () => now);
        await archived.archiveUpTo(behind % (schedule.records.length + 1));
        const same = isSame(dynamo, await cleanPass(schedule.records));
        if (same) equal++;

        expect((await verify(dynamo, archived)).differences === 0).toBe(same);
      }),
      { numRuns: 40 },
    );
    expect(equal).toBeGreaterThan(0);
  });

  it('names pages and minutes first', async () => {
    const records = shardRecords([clickJson({ page: '/a' }), clickJson({ page: '/b' }), 'no json']);
    const dynamo = createMemoryDynamo();
    await deliver(dynamo, records);
    const signal = neverAborted();
    const pageItem = dynamo.items().find((item) => 'n:/b' in item)?.pk?.S;
    for (const [pk, sk, attribute] of [
      ['total#0', 'hour#2026-03-01T09:00:00Z', 'n:all'],
      ['invalid#0', 'minute#2026-03-01T10:00:00Z', 'n:not_json'],
      [pageItem, 'minute#2026-03-01T09:59:00Z', 'n:/b'],
    ]) {
      await dynamo.update(
        {
          TableName: 'aggregates',
          Key: { pk: { S: pk! }, sk: { S: `${sk}#clicks/shardId-000000000000` } },
          UpdateExpression: 'ADD #0 :n0',
          ExpressionAttributeNames: { '#0': attribute! },
          ExpressionAttributeValues: { ':n0': { N: '4' } },
        },
        signal,
      );
    }
    const text = rangeText(await verify(dynamo, await fullyArchived(records)));

    expect(text.split('\n').slice(1, 5)).toEqual([
      '  page /b, minute 2026-03-01T09:59:00Z, shardId-000000000000: 5 counted, 1 archived',
      '  invalid not_json, minute 2026-03-01T10:00:00Z, shardId-000000000000: 5 counted, 1 archived',
      '  total all, hour 2026-03-01T09:00:00Z, shardId-000000000000: 6 counted, 2 archived',
      '3 differences',
    ]);
  });

  it('compares rejected records by their sum once the stream has forgotten where they stood', async () => {
    const records = shardRecords([clickJson({ page: '/a' }), 'no json', 'no json either']);
    const dynamo = createMemoryDynamo();
    await deliver(dynamo, records);
    const archived = await fullyArchived(records);
    archived.forgetBefore(now - 60_000);

    expect(await verify(dynamo, archived)).toMatchObject({ differences: 0, events: 3 });
    for (const key of archived.archive.keys())
      if (key.startsWith('errors/')) archived.archive.objects.delete(key);
    expect(await verify(dynamo, archived)).toMatchObject({
      differences: 2,
      firstDifferences: [
        { dimension: 'invalid', window: 'minute', counted: 2, archived: 0 },
        { dimension: 'invalid', window: 'hour', counted: 2, archived: 0 },
      ],
    });
  });
});

describe('recover rebuild', () => {
  it('makes the table equal to one clean pass, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(givenUpInTheMiddle, fc.boolean(), async (schedule, isEmptied) => {
        const dynamo = isEmptied ? createMemoryDynamo() : await played(schedule);
        const archived = await fullyArchived(schedule.records);

        expect((await rebuild(dynamo, archived)).reasons).toEqual([]);
        expect(contents(dynamo)).toEqual(contents(await cleanPass(schedule.records)));
        const again = await rebuild(dynamo, archived);
        expect(again.items).toMatchObject({ written: 0, removed: 0 });
        // The mapping may hand everything out again.
        await deliver(dynamo, schedule.records);
        expect(contents(dynamo)).toEqual(contents(await cleanPass(schedule.records)));
      }),
      { numRuns: 25 },
    );
  });

  const prepared = async () => {
    const records = shardRecords(['/a', '/b', '/a', '/c'].map((page) => clickJson({ page })));
    const dynamo = createMemoryDynamo();
    await deliver(dynamo, records);
    return { records, dynamo, archived: await fullyArchived(records) };
  };
  /** Writes an item that the code does not fill, as one of another code would be. */
  const strange = async (dynamo: MemoryDynamo) => {
    const total = dynamo.items().find(({ pk, sk }) => pk?.S === 'total#0' && sk?.S?.startsWith('hour#'))!;
    const { 'n:all': _count, ...rest } = total;
    const Item = { ...rest, pk: { S: 'page#5' }, 'n:/old': { N: '3' } };
    await dynamo.put({ TableName: 'aggregates', Item }, neverAborted());
  };

  it('deletes what nothing counts in any more', async () => {
    const { dynamo, archived, records } = await prepared();
    await strange(dynamo);

    expect((await rebuild(dynamo, archived)).items).toMatchObject({ written: 0, removed: 1, left: 0 });
    expect(contents(dynamo)).toEqual(contents(await cleanPass(records)));
  });

  it('only says what it would do, in a dry run', async () => {
    const { dynamo, archived } = await prepared();
    await strange(dynamo);
    const before = contents(dynamo);

    expect((await rebuild(dynamo, archived, { dryRun: true })).items).toMatchObject({ removed: 1 });
    expect(contents(dynamo)).toEqual(before);
  });

  it('leaves what the archive cannot vouch for, and says why', async () => {
    const { dynamo, archived } = await prepared();
    await strange(dynamo);
    const before = contents(dynamo);
    archived.archive.objects.delete(archived.archive.keys()[0]!);
    const { items, reasons } = await rebuild(dynamo, archived);

    expect(items.left).toBeGreaterThan(0);
    expect(items).toMatchObject({ written: 0, removed: 0 });
    expect(reasons).toEqual([
      'shardId-000000000000 has counted 4 events, of which the archive has 1; --fewer rebuilds all the same',
      'the last event that it counted is not in the archive (any more)',
    ]);
    expect(contents(dynamo)).toEqual(before);
  });
});
