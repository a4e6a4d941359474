import fc from 'fast-check';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { repairObject } from '../../recover/repair/repair';
import { clickJson } from '../support/click-factory';
import { arrival, shardKey, shardRecords } from '../support/shard-records';
import { streamRecord } from '../support/stream-record-arbitrary';
import { type BenchOptions, cleanPass, day, hour, logBench, range } from './log-bench';

const horizon = { settings: { deduplicationSeconds: 300, uniqueVisitors: 'page' } } as const;

const six = (): ShardRecord[] =>
  shardRecords(
    ['/a', '/b', '/a', 'no json', '/c', '/a'].map((page) =>
      page.startsWith('/') ? clickJson({ page }) : page,
    ),
  );

/** The middle two of six records were given up. */
async function prepared(options: BenchOptions = {}, records = six()) {
  const bench = logBench(records, options);
  await bench.deliver(records.slice(0, 2));
  await bench.deliver(records.slice(4));
  const key = await bench.giveUp(records.slice(2, 4));
  return { ...bench, records, key };
}

describe('After a repair the table holds what one clean pass counts, without an archive', () => {
  /** Records of which some in the middle were given up, the first of those counted all the same; with copies. */
  const schedule = fc
    .tuple(
      fc.array(streamRecord, { minLength: 2, maxLength: 12 }),
      ...[fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat()],
    )
    .map(([data, a, b, counted, copy, compacted]) => {
      const records = shardRecords([...data, data[copy! % data.length]!, clickJson({ page: '/last' })]);
      const [from, to] = [a! % records.length, b! % records.length].sort((x, y) => x - y) as [number, number];
      return { records, from, to: to + 1, counted: counted! % (to - from + 1), compacted: compacted! % 4 };
    });

  it.each([
    { what: 'duplicates removed, and visitors', options: horizon },
    { what: 'duplicates kept', options: {} },
  ])('whatever the stream held, with $what', async ({ options }) => {
    await fc.assert(
      fc.asyncProperty(schedule, async ({ records, from, to, counted, compacted }) => {
        const bench = logBench(records, options);
        const batches = [[0, from] as const, [from, from + counted] as const];
        for (let next = to; next < records.length; next += 3) batches.push([next, next + 3]);
        for (const [index, [begin, end]] of batches.entries()) {
          await bench.deliver(records.slice(begin, end));
          if (index === compacted) await bench.compact();
        }
        const key = await bench.giveUp(records.slice(from, to));
        // Of a batch that the log has not come to, the stream says that nothing stands before it.
        await bench.archived.archiveUpTo(to >= records.length ? records.length : 0);

        expect(await bench.repair(key)).toMatchObject({ outcome: 'repaired', reason: undefined });
        const right = await cleanPass(records, options);
        expect(await bench.counted()).toEqual(right);
        await bench.compact();
        // The mapping may hand out again what it had handed out.
        await bench.deliver(records.slice(from));
        expect(await bench.counted()).toEqual(right);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    { where: 'before it', copies: [{ at: 0, seconds: -300 }], duplicates: 1 },
    { where: 'behind it', copies: [{ at: 4, seconds: 300 }], duplicates: 1 },
    { where: 'in it', copies: [{ at: 3, seconds: 100 }], duplicates: 1 },
    { where: 'further behind it than an id is remembered', copies: [{ at: 4, seconds: 420 }], duplicates: 0 },
    {
      where: 'near it and far from it, in another slice',
      copies: [
        { at: 4, seconds: 240 },
        { at: 5, seconds: 900 },
      ],
      duplicates: 1,
    },
  ])(
    'a copy of its event that stands $where makes $duplicates duplicates',
    async ({ copies, duplicates }) => {
      const event = clickJson({ eventId: 'sent-twice' });
      const begin = arrival + 600_000;
      const records = six().map((record, index) => {
        const copy = copies.find(({ at }) => at === index);
        const isEvent = index === 2 || copy !== undefined;
        const arrivedAt = begin + (copy ? copy.seconds * 1000 : index < 2 ? -300_000 : index * 10);
        return { ...record, arrivedAt, ...(isEvent ? { data: Buffer.from(event) } : {}) };
      });
      const { repair, key } = await prepared(horizon, records);

      expect(await repair(key)).toMatchObject({ outcome: 'repaired', counted: 2, duplicates });
    },
  );
});

describe('A repair', () => {
  it('moves the object, says what it did, and does nothing the second time', async () => {
    const { repair, key, onFailure, counted, records, deltas } = await prepared();
    expect(await repair(key)).toEqual({
      key,
      outcome: 'repaired',
      reason: undefined,
      records: 2,
      counted: 2,
      duplicates: 0,
      deltas: 1,
      hours: ['2026-03-01T09:00:00Z', '2026-03-01T10:00:00Z'],
    });
    expect(onFailure.keys()).toEqual([`repaired/${key}`]);
    expect(await counted()).toEqual(await cleanPass(records));
    for (const again of [key, `repaired/${key}`]) {
      expect(await repair(again)).toMatchObject({ key, outcome: 'repaired before', counted: 0 });
    }
    expect(await deltas()).toHaveLength(3);
  });

  it('changes nothing when it is only tried', async () => {
    const { repair, key, onFailure, dynamo } = await prepared(horizon);
    const before = dynamo.items();

    expect(await repair(key, true)).toMatchObject({ outcome: 'would be repaired', counted: 2, deltas: 1 });
    expect(dynamo.items()).toEqual(before);
    expect(onFailure.keys()).toEqual([key]);
  });

  it('that dies at any call counts nothing half, and the next one ends it', async () => {
    const right = await cleanPass(six(), horizon);
    for (let calls = 1, isWhole = false; !isWhole; calls++) {
      const { repair, key, ports, counted, onFailure } = await prepared(horizon);
      const wrong = await counted();
      const life = lifeOf(calls);
      const mortal = { ...ports, table: life.wrap(ports.table), onFailure: life.wrap(onFailure) };
      isWhole = await repairObject(key, false, mortal).then(
        () => true,
        () => false,
      );
      expect([wrong, right].map((one) => JSON.stringify(withoutIds(one)))).toContain(
        JSON.stringify(withoutIds(await counted())),
      );
      await repair(key);
      expect(withoutIds(await counted())).toEqual(withoutIds(right));
      expect(onFailure.keys()).toEqual([`repaired/${key}`]);
      expect(isWhole || calls < 100).toBe(true);
    }
  });

  it('ends the move of one that died between copying and deleting', async () => {
    const { repair, key, onFailure } = await prepared();
    await onFailure.put(`repaired/${key}`, (await onFailure.get(key))!);

    expect(await repair(key)).toMatchObject({ outcome: 'repaired' });
    expect(onFailure.keys()).toEqual([`repaired/${key}`]);
  });

  it('counts once where two run at once', async () => {
    const { repair, key, counted, records } = await prepared(horizon);
    const both = await Promise.allSettled([repair(key), repair(key)]);

    expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await counted()).toEqual(await cleanPass(records, horizon));
  });

  it('decides anew when a batch comes in between, by the copy in it', async () => {
    const event = clickJson({ eventId: 'sent-twice' });
    const records = [...six(), ...shardRecords([event], 6)].map((record, index) =>
      index === 2 ? { ...record, data: Buffer.from(event) } : record,
    );
    const { key, ports, table, deliver, repair, counted } = await prepared(horizon, records.slice(0, 6));
    let isPut = false;
    const putDelta: typeof table.putDelta = async (...args) => {
      if (!isPut) {
        isPut = true;
        await deliver(records.slice(6));
      }
      return table.putDelta(...args);
    };

    const repaired = await repairObject(key, false, { ...ports, table: { ...table, putDelta } });
    expect(repaired).toMatchObject({ outcome: 'repaired', counted: 2, duplicates: 1, deltas: 1 });
    expect(await counted()).toEqual(await cleanPass(records, horizon));
    expect(await repair(key)).toMatchObject({ outcome: 'repaired before' });
  });

  it('leaves its ids to other repairs, and to the aggregator', async () => {
    const event = clickJson({ eventId: 'sent-three-times' });
    const records = [...six(), ...shardRecords([clickJson()], 6)].map((record, index) =>
      [1, 3, 6].includes(index) ? { ...record, data: Buffer.from(event) } : record,
    );
    const bench = logBench(records, horizon);
    for (const index of [0, 2, 4]) await bench.deliver(records.slice(index, index + 1));
    const keys = [
      await bench.giveUp(records.slice(3, 4), 'd4e5f6'),
      await bench.giveUp(records.slice(1, 2), 'a7b8c9'),
    ];

    expect(await bench.repair(keys[0]!)).toMatchObject({ outcome: 'repaired', duplicates: 0 });
    expect(await bench.repair(keys[1]!)).toMatchObject({ outcome: 'repaired', duplicates: 1 });
    expect(await bench.deliver(records.slice(5))).toMatchObject({ lines: 2, duplicates: 1 });
    expect(await bench.counted()).toEqual(await cleanPass(records, horizon));
  });

  it('reads the log anew when it has read it more than half an hour ago', async () => {
    const { key, ports, table, clock, records, counted } = await prepared(horizon);
    let reads = 0;
    const idsOf: typeof table.idsOf = async (...args) => {
      if (reads === 1) clock.now += 31 * 60_000;
      return table.idsOf(...args);
    };
    const entry: typeof table.entry = async (shard, signal) => {
      reads++;
      return table.entry(shard, signal);
    };
    const slow = { ...ports, table: { ...table, idsOf, entry } };

    expect(await repairObject(key, false, slow)).toMatchObject({
      outcome: 'repaired',
      counted: 2,
      deltas: 1,
    });
    // Of each round one, and one before each put; and one that finds all counted.
    expect(reads).toBe(5);
    expect(await counted()).toEqual(await cleanPass(records, horizon));
  });

  it('keeps to the size of deltas, each of which covers what it counts', async () => {
    const records = six();
    const limits = { bytes: 100_000, items: 1_000, events: 1 };
    const bench = logBench(records, { ...horizon, limits });
    await bench.deliver(records.slice(0, 1));
    await bench.deliver(records.slice(3, 4));
    await bench.deliver(records.slice(5));
    const key = await bench.giveUp(records.slice(1, 6));

    expect(await bench.repair(key)).toMatchObject({ outcome: 'repaired', counted: 3, deltas: 3 });
    const places = (await bench.deltas()).filter(({ kind }) => kind === 'repair').map(({ covers }) => covers);
    const at = (index: number) => `056:${records[index]!.sequenceNumber}:0000000`;
    expect(places).toEqual([1, 2, 4].map((index) => [{ first: at(index), last: at(index) }]));
    expect(await bench.counted()).toEqual(await cleanPass(records, horizon));
  });

  it('covers what it counts, and not what stands between', async () => {
    const records = six();
    const bench = logBench(records);
    for (const index of [0, 3, 5]) await bench.deliver(records.slice(index, index + 1));
    await bench.repair(await bench.giveUp(records.slice(1, 6)));

    const covers = (await bench.deltas()).at(-1)!.covers;
    expect(covers.map(({ first, last }) => [first.slice(-11, -8), last.slice(-11, -8)])).toEqual(
      [[1, 2] as const, [4, 4] as const].map(([first, last]) => [
        records[first]!.sequenceNumber.slice(-3),
        records[last]!.sequenceNumber.slice(-3),
      ]),
    );
  });

  it('asks for nothing that the archive has', async () => {
    const { key, ports } = await prepared(horizon);
    const refuse = () => {
      throw new Error('was read');
    };
    const stream = { ...ports.stream, describe: refuse, read: refuse, shardIds: refuse };
    const archive = { ...ports.archive, list: refuse, get: refuse };

    expect(await repairObject(key, false, { ...ports, stream, archive })).toMatchObject({
      outcome: 'repaired',
    });
  });
});

describe('Events that the log does not tell of any more', () => {
  /** An id is remembered for longer than two records are apart. */
  const wide = (): ShardRecord[] =>
    shardRecords(['/a', '/b', '/c', '/d', '/e', '/f'].map((page) => clickJson({ page }))).map(
      (record, index) => ({ ...record, arrivedAt: arrival + index * 200_000 }),
    );

  it('are refused by name while a day is left, and counted by a rebuild once the log has gone', async () => {
    const records = wide();
    const bench = logBench(records, horizon);
    await bench.archived.archiveUpTo(6);
    await bench.deliver(records.slice(0, 1));
    bench.clock.now += 14 * day - 2 * hour;
    await bench.deliver(records.slice(1, 2));
    await bench.deliver(records.slice(4));
    const key = await bench.giveUp(records.slice(2, 4));
    const [from, to] = [records[2]!.sequenceNumber, records[3]!.sequenceNumber];

    expect(await bench.repair(key)).toMatchObject({
      outcome: 'left',
      reason: expect.stringContaining(`2 events, of records ${from} to ${to}, are older than the log`),
      counted: 0,
    });
    expect(bench.onFailure.keys()).toEqual([key]);
    // Repair and rebuild never take the same event on.
    expect(await bench.rebuild()).toMatchObject({ corrected: 0 });
    bench.clock.now += 3 * hour;
    expect(await bench.rebuild()).toMatchObject({ reasons: [] });
    expect(await bench.verify()).toMatchObject({ differences: 0, firstDifferences: [], givenUp: 0 });
    // Their minutes have expired.
    const right = await cleanPass(records, horizon);
    const lasting = Object.entries(right).filter(([id]) => !id.includes(' minute '));
    const left = Object.entries(await bench.counted()).filter(([id]) => !id.includes(' minute '));
    expect(left).toEqual(lasting);
    expect(await bench.repair(key)).toMatchObject({ outcome: 'left' });
  });

  it('are those before which the log does not reach back a horizon, and the rest is counted', async () => {
    const records = wide();
    const bench = logBench(records, horizon);
    for (const index of [0, 1, 3, 5]) await bench.deliver(records.slice(index, index + 1));
    await bench.compact();
    const [first] = await bench.deltas();
    await bench.dynamo.delete({
      TableName: 'aggregates',
      Key: { pk: { S: `log#${shardKey}` }, sk: { S: first!.predecessor } },
    });
    const key = await bench.giveUp(records.slice(2, 5));

    // Of record 2 a copy may stand in the delta that has gone.
    expect(await bench.repair(key)).toMatchObject({
      outcome: 'left',
      reason: expect.stringContaining('1 events, of records'),
      counted: 1,
    });
  });

  it('are those before a delta that is missing', async () => {
    const records = wide();
    const bench = logBench(records);
    for (const index of [0, 2, 3, 5]) await bench.deliver(records.slice(index, index + 1));
    await bench.compact();
    const [, , third] = await bench.deltas();
    const Key = { pk: { S: `log#${shardKey}` }, sk: { S: third!.predecessor } };
    await bench.dynamo.delete({ TableName: 'aggregates', Key });

    // Record 1 stands before it, and record 4 behind it.
    expect(await bench.repair(await bench.giveUp(records.slice(1, 2)))).toMatchObject({
      outcome: 'left',
      counted: 0,
    });
    expect(await bench.repair(await bench.giveUp(records.slice(4, 5)))).toMatchObject({
      outcome: 'repaired',
      counted: 1,
    });
  });

  it('are counted where ids near the rest of the batch have expired', async () => {
    const records = wide().map((record, index) => ({
      ...record,
      arrivedAt: record.arrivedAt + (index < 3 ? 0 : 4 * day),
    }));
    const bench = logBench(records, horizon);
    for (const index of [0, 1, 2, 3, 5]) await bench.deliver(records.slice(index, index + 1));
    for (const { pk, sk } of bench.dynamo.items().filter(({ pk }) => pk?.S?.startsWith('ids#'))) {
      const isOld = [0, 1, 2].some((index) => sk!.S!.includes(records[index]!.sequenceNumber));
      if (isOld) await bench.dynamo.delete({ TableName: 'aggregates', Key: { pk: pk!, sk: sk! } });
    }

    expect(await bench.repair(await bench.giveUp(records.slice(2, 5)))).toMatchObject({
      outcome: 'repaired',
      counted: 1,
    });
  });

  it('are left where ids are missing that the log names', async () => {
    const { key, repair, dynamo, deltas } = await prepared(horizon);
    const [, second] = await deltas();
    const ids = dynamo
      .items()
      .find(({ pk, sk }) => pk?.S?.startsWith('ids#') && sk?.S?.startsWith(second!.last))!;
    await dynamo.delete({ TableName: 'aggregates', Key: { pk: ids.pk!, sk: ids.sk! } });

    expect(await repair(key)).toMatchObject({
      outcome: 'left',
      reason: 'of 2 deltas, 1 have lost their ids',
    });
  });
});

describe('A batch that the log has not come to', () => {
  const behind = async (delivered: number) => {
    const records = six();
    const bench = logBench(records, horizon);
    await bench.deliver(records.slice(0, delivered));
    await bench.archived.archiveUpTo(3);
    return { ...bench, records, key: await bench.giveUp(records.slice(4, 6)) };
  };

  it('is appended as the aggregator would if nothing stands before it', async () => {
    const { repair, key, deltas, counted, records } = await behind(4);

    expect(await repair(key)).toMatchObject({ outcome: 'repaired', counted: 2 });
    expect((await deltas()).map(({ kind }) => kind)).toEqual(['live', 'live']);
    expect(await counted()).toEqual(await cleanPass(records, horizon));
  });

  it('is appended if what stands before it was given up, too, repaired or not', async () => {
    for (const prefix of ['', 'repaired/']) {
      const { repair, key, giveUp, onFailure, records, counted } = await behind(2);
      const other = await giveUp(records.slice(2, 4), 'd4e5f6');
      if (prefix !== '') await onFailure.move(other, prefix + other);

      expect(await repair(key)).toMatchObject({ outcome: 'repaired', counted: 2 });
      expect(await repair(other)).toMatchObject({ outcome: 'repaired', counted: 2 });
      expect(await counted()).toEqual(await cleanPass(records, horizon));
    }
  });

  it.each([
    { what: 'the archive has', delivered: 2, missing: 2 },
    { what: 'the stream has', delivered: 3, missing: 3 },
  ])('waits for an event before it that $what', async ({ delivered, missing }) => {
    const { repair, key, dynamo, onFailure, records, deliver } = await behind(delivered);
    await repair(key);
    const before = dynamo.items();

    expect(await repair(key)).toMatchObject({
      outcome: 'too early',
      reason: `the aggregator has not come to the batch yet: before it, record ${records[missing]!.sequenceNumber} is still to be counted`,
    });
    expect(dynamo.items()).toEqual(before);
    expect(onFailure.keys()).toEqual([key]);
    await deliver(records.slice(delivered, 4));
    expect(await repair(key)).toMatchObject({ outcome: 'repaired' });
  });

  it('waits where neither archive nor stream have it', async () => {
    const { repair, key, archived, clock } = await behind(4);
    archived.forgetBefore(clock.now);

    expect(await repair(key)).toMatchObject({
      outcome: 'too early',
      reason: expect.stringContaining('neither archive nor stream say'),
    });
  });
});

describe('A repair leaves', () => {
  it('a batch of another stream', async () => {
    const { key, ports } = await prepared();
    const stream = { ...ports.stream, name: 'taps' };

    expect(await repairObject(key, false, { ...ports, stream })).toMatchObject({
      outcome: 'left',
      reason: "the batch is of stream clicks, and the pipeline's is taps",
    });
  });

  it('an object that is none, and goes on with the others', async () => {
    const { repairAll, onFailure, key, verify, archived } = await prepared();
    await archived.archiveUpTo(6);
    await onFailure.put('aws/lambda/broken', Buffer.from('{}'));

    expect(await repairAll()).toMatchObject([
      { key: key < 'aws/lambda/broken' ? key : 'aws/lambda/broken' },
      { key: key < 'aws/lambda/broken' ? 'aws/lambda/broken' : key },
    ]);
    expect(onFailure.keys()).toEqual(['aws/lambda/broken', `repaired/${key}`]);
    expect(await verify(range)).toMatchObject({ exact: true });
  });
});

/** Ids of events are made anew by each `six()`; nothing that is counted names them but sketches. */
function withoutIds(counted: Record<string, number | string>): Record<string, number | string> {
  return Object.fromEntries(Object.entries(counted).filter(([, count]) => typeof count === 'number'));
}

/** A process that dies with the answer of the n-th call of its ports: none after it has an effect. */
function lifeOf(calls: number) {
  let left = calls;
  const live = async <T>(call: () => T): Promise<Awaited<T>> => {
    if (left <= 0) throw new Error('dead');
    const isLast = --left === 0;
    const answer = await call();
    if (isLast) throw new Error('died');
    return answer;
  };
  return {
    wrap: <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          if (['deltas', 'deltasBackwards', 'itemsIn', 'list'].includes(String(name))) {
            return async function* (...args: unknown[]) {
              await live(() => undefined);
              yield* Reflect.apply(member, target, args) as AsyncGenerator;
            };
          }
          return (...args: unknown[]) => live(() => Reflect.apply(member, target, args));
        },
      }),
  };
}
