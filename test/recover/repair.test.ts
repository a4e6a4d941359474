import fc from 'fast-check';
import type { ShardRecord } from '../../domain/fold';
import { repairObject } from '../../recover/repair/repair';
import { cleanPass, contents, deliver, faulty, shardRecords } from '../lambda/aggregator/shard-simulator';
import { clickJson } from '../support/click-factory';
import { createMemoryDynamo, type MemoryDynamo } from '../support/memory-dynamo';
import { streamRecord } from '../support/stream-record-arbitrary';
import { archivedShard } from './archived-shard';
import { now, repairBench } from './repair-bench';

/** A shard of which records `from` to `to` were given up, after some of their writes were made. */
interface Schedule {
  readonly records: ShardRecord[];
  readonly from: number;
  readonly to: number;
  readonly failing: ReadonlySet<number>;
}

const schedule: fc.Arbitrary<Schedule> = fc
  .tuple(
    fc.array(streamRecord, { minLength: 1, maxLength: 14 }),
    fc.nat(),
    fc.nat(),
    fc.array(fc.nat({ max: 60 }), { maxLength: 60 }),
  )
  .map(([data, a, b, failing]) => {
    const records = shardRecords(data);
    const [from, to] = [a % records.length, b % records.length].sort((x, y) => x - y) as [number, number];
    return { records, from, to: to + 1, failing: new Set(failing) };
  });

/** Delivers everything once; the calls of the middle batch that fail do so before the table acts. */
async function playedTable({ records, from, to, failing }: Schedule): Promise<MemoryDynamo> {
  const dynamo = createMemoryDynamo();
  if (from > 0) await deliver(dynamo, records.slice(0, from));
  const faults = new Map([...failing].map((call) => [call, 'before' as const]));
  await deliver(faulty(dynamo, faults), records.slice(from, to));
  for (let next = to; next < records.length; next += 3) await deliver(dynamo, records.slice(next, next + 3));
  return dynamo;
}

const six = (): ShardRecord[] =>
  shardRecords(
    ['/a', '/b', '/a', 'no json', '/c', '/a'].map((page) =>
      page.startsWith('/') ? clickJson({ page }) : page,
    ),
  );
/** The middle two of six records were given up, none of their writes made. */
const given: Schedule = { records: six(), from: 2, to: 4, failing: new Set(Array(60).keys()) };

describe('After a repair the table equals one clean pass', () => {
  it('whatever the stream held, and whatever of the batch had been counted', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, fc.nat(), fc.nat(), async (played, again, ahead) => {
        const { records, from, to } = played;
        const dynamo = await playedTable(played);
        const archived = archivedShard(records, () => now);
        // The archive has at least the batch; what it lacks behind it, the stream has.
        await archived.archiveUpTo(to + (ahead % (records.length - to + 1)));
        await archived.archiveAgain(again % to, to);
        const { repair } = await repairBench(records.slice(from, to), archived, dynamo);

        expect(await repair()).toMatchObject({ outcome: 'repaired', reasons: [] });
        expect(contents(dynamo)).toEqual(contents(await cleanPass(records)));
      }),
      { numRuns: 150 },
    );
  });

  it('and so it does after each further batch, since a live writer goes on behind it', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (played) => {
        const { records, from, to } = played;
        const dynamo = await playedTable({ ...played, records: records.slice(0, to) });
        const archived = archivedShard(records, () => now);
        await archived.archiveUpTo(to);
        const { repair } = await repairBench(records.slice(from, to), archived, dynamo);
        await repair();
        // The mapping may hand out again what it had handed out.
        await deliver(dynamo, records.slice(from));

        expect(contents(dynamo)).toEqual(contents(await cleanPass(records)));
      }),
      { numRuns: 80 },
    );
  });
});

describe('A repair', () => {
  const prepared = async (overrides = {}) => {
    const dynamo = await playedTable(given);
    const archived = archivedShard(given.records, () => now);
    await archived.archiveUpTo(6);
    return {
      dynamo,
      archived,
      ...(await repairBench(given.records.slice(2, 4), archived, dynamo, overrides)),
    };
  };

  it('moves the object, says what it did, and does nothing the second time', async () => {
    const { dynamo, onFailure, key, repair } = await prepared();
    const repaired = await repair();

    expect(repaired).toEqual({
      key,
      outcome: 'repaired',
      reasons: [],
      records: 2,
      // Of the batch's event and its bad line: minute and hour of total, type, page, device, bot; and of invalid.
      items: { written: 12, removed: 0, right: 0, expired: 0 },
      windows: [
        'hour 2026-03-01T09:00:00Z',
        'hour 2026-03-01T10:00:00Z',
        'minute 2026-03-01T09:59:00Z',
        'minute 2026-03-01T10:00:00Z',
      ],
      objectsRead: 2,
      linesFromStream: 0,
    });
    expect(onFailure.keys()).toEqual([`repaired/${key}`]);
    const after = contents(dynamo);
    expect(await repair()).toMatchObject({ outcome: 'repaired before' });
    expect(contents(dynamo)).toEqual(after);
  });

  it('changes nothing when it is only tried', async () => {
    const { dynamo, onFailure, key, repair } = await prepared();
    const before = contents(dynamo);

    expect(await repair(true)).toMatchObject({ outcome: 'would be repaired', items: { written: 12 } });
    expect(contents(dynamo)).toEqual(before);
    expect(onFailure.keys()).toEqual([key]);
  });

  it('that dies at any call leaves nothing half, and the next one ends it', async () => {
    const expected = contents(await cleanPass(given.records));
    const wrong = contents(await playedTable(given));
    for (let calls = 1, isWhole = false; !isWhole; calls++) {
      const { dynamo, onFailure, key, ports, repair } = await prepared();
      const life = lifeOf(calls);
      const mortal = { ...ports, table: life.wrap(ports.table), onFailure: life.wrap(onFailure) };
      isWhole = await repairObject(key, false, mortal).then(
        () => true,
        () => false,
      );
      for (const [id, item] of Object.entries(contents(dynamo))) {
        expect([expected[id], wrong[id]]).toContainEqual(item);
      }
      await repair();
      expect(contents(dynamo)).toEqual(expected);
      expect(onFailure.keys()).toEqual([`repaired/${key}`]);
      expect(isWhole || calls < 100).toBe(true);
    }
  });

  it('ends the move of one that died between copying and deleting', async () => {
    const { onFailure, key, repair } = await prepared();
    await onFailure.put(`repaired/${key}`, (await onFailure.get(key))!);

    expect(await repair()).toMatchObject({ outcome: 'repaired' });
    expect(onFailure.keys()).toEqual([`repaired/${key}`]);
  });
});

/** A process that dies with the answer of the n-th call of its ports: none after it has an effect. */
function lifeOf(calls: number) {
  let left = calls;
  return {
    wrap: <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          return async (...args: unknown[]) => {
            if (left <= 0) throw new Error('dead');
            left--;
            const isLast = left === 0;
            const answer: unknown = await Reflect.apply(member, target, args);
            if (isLast) throw new Error('died');
            return answer;
          };
        },
      }),
  };
}
