import fc from 'fast-check';
import type { ShardRecord } from '../../domain/fold';
import { streamWatermark } from '../../recover/history/watermark';
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

  it('where nobody knows how far the archive is, and objects are stored in any order', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, fc.nat(), async (played, gap) => {
        const { records, from, to } = played;
        const dynamo = await playedTable(played);
        const archived = archivedShard(records, () => now);
        await archived.archiveAgain(gap % (from + 1), to);
        const readWatermark = streamWatermark(archived.stream, () => now);
        const { repair } = await repairBench(records.slice(from, to), archived, dynamo, { readWatermark });

        expect(await repair()).toMatchObject({ outcome: 'repaired', reasons: [] });
        expect(contents(dynamo)).toEqual(contents(await cleanPass(records)));
      }),
      { numRuns: 60 },
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
      sketches: 0,
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

describe('Once the stream has forgotten where rejected records stood', () => {
  const forgotten = async (records: ShardRecord[]) => {
    const dynamo = await playedTable({ ...given, records });
    const archived = archivedShard(records, () => now);
    await archived.archiveUpTo(records.length);
    archived.forgetBefore(now - 60_000);
    return { dynamo, ...(await repairBench(records.slice(2, 4), archived, dynamo)) };
  };

  it('repairs all the same, if those of the batch are the only ones', async () => {
    const { dynamo, repair } = await forgotten(six());

    expect(await repair()).toMatchObject({ outcome: 'repaired' });
    expect(contents(dynamo)).toEqual(contents(await cleanPass(six())));
  });

  it('leaves only the items that count rejected records, and says so', async () => {
    const records = shardRecords([...six().map(({ data }) => data), 'not json either']);
    const { dynamo, repair, onFailure, key } = await forgotten(records);
    const result = await repair();

    expect(result).toMatchObject({ outcome: 'left', items: { written: 10 } });
    expect(result.reasons).toEqual([
      expect.stringContaining('item invalid#0 minute#2026-03-01T10:00:00Z'),
      expect.stringContaining('item invalid#0 hour#2026-03-01T10:00:00Z'),
    ]);
    const [left, right] = [contents(dynamo), contents(await cleanPass(records))];
    const wrong = Object.keys(right).filter((id) => JSON.stringify(left[id]) !== JSON.stringify(right[id]));
    expect(wrong.every((id) => id.startsWith('invalid#0'))).toBe(true);
    expect(onFailure.keys()).toEqual([key]);
  });
});

describe('A repair beside live traffic', () => {
  it('goes on from what the aggregator has written meanwhile', async () => {
    const records = [...given.records, ...shardRecords(Array(12).fill('')).slice(6)].map((record, index) =>
      index < 6 ? record : { ...record, data: Buffer.from(clickJson({ page: `/${index % 4}` })) },
    );
    const dynamo = await playedTable(given);
    const archived = archivedShard(records.slice(0, 6), () => now);
    await archived.archiveUpTo(5);
    const { ports, repair } = await repairBench(given.records.slice(2, 4), archived, dynamo);
    const { put } = ports.table;
    let live = 6;
    // A batch comes in between before each of the first six writes; the archive stays where it was.
    Object.assign(ports.table, {
      put: async (...args: Parameters<typeof put>) => {
        if (live < records.length) {
          archived.records.push(records[live]!);
          await deliver(dynamo, records.slice(live, ++live));
        }
        return put(...args);
      },
    });

    expect(await repair()).toMatchObject({ outcome: 'repaired', items: { written: 12 } });
    expect(live).toBe(records.length);
    expect(contents(dynamo)).toEqual(contents(await cleanPass(records)));
  });

  it('gives up when an item is written each time, and says so', async () => {
    const dynamo = await playedTable(given);
    const archived = archivedShard(given.records, () => now);
    await archived.archiveUpTo(6);
    const { ports, onFailure, key, repair } = await repairBench(given.records.slice(2, 4), archived, dynamo);
    Object.assign(ports.table, { put: async () => false });

    expect(await repair()).toMatchObject({
      outcome: 'left',
      reasons: [expect.stringContaining('12 items were written by the aggregator each time')],
    });
    expect(onFailure.keys()).toEqual([key]);
  });
});

describe('A repair changes nothing', () => {
  const attempt = async (prepare: (archived: ReturnType<typeof archivedShard>) => Promise<void>) => {
    const dynamo = await playedTable(given);
    const archived = archivedShard([...given.records], () => now);
    await prepare(archived);
    const { repair, onFailure, key } = await repairBench(given.records.slice(2, 4), archived, dynamo);
    const before = contents(dynamo);
    const result = await repair();
    expect(contents(dynamo)).toEqual(before);
    expect(onFailure.keys()).toEqual([key]);
    return result;
  };

  it('while the archive has not caught up with the batch', async () => {
    expect(await attempt((archived) => archived.archiveUpTo(3))).toMatchObject({
      outcome: 'archive behind',
      reasons: [
        'the archive has not caught up with the batch, of which it lacks 1 of 2 lines: 3 records are archived',
      ],
    });
  });

  it('where the archive has lost what the table counts', async () => {
    const result = await attempt(async (archived) => {
      await archived.archiveUpTo(6);
      const [first] = archived.archive.keys().filter((key) => key.startsWith('events/'));
      archived.archive.objects.delete(first!);
      await archived.archiveAgain(2, 6);
    });
    expect(result).toMatchObject({
      outcome: 'left',
      reasons: expect.arrayContaining([
        'item total#0 hour#2026-03-01T09:00:00Z#clicks/shardId-000000000000 counts more than archive and error prefix hold: all 4 times, not 3',
      ]),
    });
  });

  it('where batch and archive do not know each other', async () => {
    const result = await attempt(async (archived) => {
      await archived.archiveUpTo(6);
      for (const key of archived.archive.keys()) archived.archive.objects.delete(key);
      await archived.archiveAgain(0, 2);
      await archived.archiveAgain(4, 6);
    });
    expect(result).toMatchObject({
      outcome: 'left',
      reasons: [expect.stringContaining("2 of the batch's 2 lines are neither in the archive nor under")],
    });
  });

  it('for a batch of another stream', async () => {
    const dynamo = await playedTable(given);
    const archived = archivedShard(given.records, () => now);
    const stream = { ...archived.stream, name: 'taps' };
    const { repair } = await repairBench(given.records.slice(2, 4), archived, dynamo, { stream });

    expect(await repair()).toMatchObject({
      outcome: 'left',
      reasons: ["the batch is of stream clicks, and the pipeline's is taps"],
    });
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
