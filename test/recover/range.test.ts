import fc from 'fast-check';
import { dimensions } from '../../domain/counters/dimensions';
import { deltaLimits } from '../../domain/counters/fold';
import { summaryGroup } from '../../domain/counters/item';
import { correctionAfter } from '../../domain/counters/log-place';
import { itemKey } from '../../domain/counters/table-layout';
import { windowStart } from '../../domain/counters/window';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { rebuildRange } from '../../recover/rebuild/rebuild';
import { rangeText } from '../../recover/result-texts';
import { verifyRange } from '../../recover/verify/verify-range';
import { countAttribute } from '../../table/item-attributes';
import { clickJson } from '../support/click-factory';
import { arrival, shardKey, shardRecords } from '../support/shard-records';
import { streamRecord } from '../support/stream-record-arbitrary';
import { archivedShard } from './archived-shard';
import { type BenchOptions, cleanPass, day, hour, type LogBench, logBench, range } from './log-bench';

const horizon = { settings: { deduplicationSeconds: 300, uniqueVisitors: 'page' } } as const;
const happened = Date.parse('2026-03-01T09:59:30Z');
const minute = windowStart('minute', happened);

async function counted(records: ShardRecord[], options: BenchOptions = {}): Promise<LogBench> {
  const bench = logBench(records, options);
  await bench.archived.archiveUpTo(records.length);
  await bench.deliver(records);
  return bench;
}

const clicks = (...pages: string[]): ShardRecord[] => shardRecords(pages.map((page) => clickJson({ page })));

/** Appends a correction by which all that is counted of a value is wrong, as a fault of the code might. */
async function miscount(
  { table, clock }: LogBench,
  dimension: string,
  value: string,
  by: number,
): Promise<void> {
  const deltas = [];
  for await (const delta of table.deltas(shardKey, '0')) deltas.push(delta);
  const predecessor = deltas.at(-1)!.last;
  const buckets = dimensions.find(({ name }) => name === dimension)?.buckets ?? 4;
  const sizes = (['minute', 'hour', 'day'] as const).map(
    (size) =>
      [
        size,
        new Map([[windowStart(size, happened), { values: new Map([[value, by]]), other: 0, cut: 0 }]]),
      ] as const,
  );
  const content = {
    isEachWindow: true,
    dimensions: new Map([[dimension, { buckets, windows: new Map(sizes) }]]),
    sketches: new Map(),
  };
  const last = correctionAfter(predecessor);
  const expiresAt = Math.floor(clock.now / 1000) + 86_400;
  await table.putDelta(shardKey, {
    ...{ kind: 'rebuild', predecessor, last, covers: [], arrivedAt: arrival, idsToken: undefined, expiresAt },
    content,
  });
}

describe('recover verify', () => {
  it('finds no difference whatever was counted, compacted or not, and in the middle of batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(streamRecord, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.nat(),
        async (data, cut, behind) => {
          const records = shardRecords([...data, ...data.slice(0, 2)]);
          const bench = logBench(records, horizon);
          const to = cut % (records.length + 1);
          await bench.deliver(records.slice(0, to));
          await bench.compact();
          // What the archive does not have, the stream has; and both may be ahead of the table.
          await bench.archived.archiveUpTo(behind % (records.length + 1));
          expect(await bench.verify()).toMatchObject({ firstDifferences: [], exact: true });
          await bench.deliver(records);
          expect(await bench.verify()).toMatchObject({ firstDifferences: [], exact: true });
        },
      ),
      { numRuns: 15 },
    );
  });

  it('names pages and minutes first', async () => {
    const bench = await counted(
      shardRecords([clickJson({ page: '/a' }), clickJson({ page: '/b' }), 'no json']),
    );
    await miscount(bench, 'page', '/b', 4);
    await miscount(bench, 'device', 'tablet', 2);
    await bench.compact();
    const text = rangeText(await bench.verify());

    expect(text.split('\n').slice(1, 9)).toEqual([
      '  minute 2026-03-01T09:59:00Z of clicks/shardId-000000000000, page /b: 5 counted, 1 archived',
      '  day 2026-03-01T00:00:00Z of clicks/shardId-000000000000, page /b: 5 counted, 1 archived',
      '  hour 2026-03-01T09:00:00Z of clicks/shardId-000000000000, page /b: 5 counted, 1 archived',
      '  minute 2026-03-01T09:59:00Z of clicks/shardId-000000000000, device tablet: 2 counted, 0 archived',
      '  day 2026-03-01T00:00:00Z of clicks/shardId-000000000000, device tablet: 2 counted, 0 archived',
      '  hour 2026-03-01T09:00:00Z of clicks/shardId-000000000000, device tablet: 2 counted, 0 archived',
      '6 differences',
      '',
    ]);
  });

  it('says how many events were given up, which differ in nothing', async () => {
    const records = clicks('/a', '/b', '/c');
    const bench = logBench(records);
    await bench.archived.archiveUpTo(3);
    await bench.deliver(records.slice(0, 1));
    await bench.deliver(records.slice(2));
    const verified = await bench.verify();

    expect(verified).toMatchObject({ exact: false, differences: 0, givenUp: 1, events: 2 });
    expect(rangeText(verified)).toContain('1 event was given up and is not counted');
    await bench.repair(await bench.giveUp(records.slice(1, 2)));
    expect(await bench.verify()).toMatchObject({ exact: true, givenUp: 0, events: 3 });
  });

  it('agrees whatever the transformer failed at, and whatever Firehose says of when it arrived', async () => {
    const told = fc.constantFrom(
      (arrivedAt: number) => arrivedAt + 1_000,
      (arrivedAt: number) => arrivedAt - 1_000,
      (arrivedAt: number) => Math.floor(arrivedAt / 1_000) * 1_000,
      (arrivedAt: number) => arrivedAt + 20 * 60_000,
    );
    const bytes = fc.array(streamRecord, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 3 }), told, async (data, every, tell) => {
        // Some at the end of an hour, whose object Firehose may file under the next.
        const records = shardRecords([...data, 'no json', clickJson(), ...data]).map((record, index) => ({
          ...record,
          arrivedAt: arrival + hour - 10_000 + index * 999,
        }));
        const bench = logBench(records, horizon);
        bench.archived.fails = ({ sequenceNumber }) => Number(sequenceNumber.slice(-3)) % every === 0;
        bench.archived.told = tell;
        await bench.archived.archiveUpTo(records.length);
        await bench.deliver(records);

        expect(await bench.verify()).toMatchObject({ firstDifferences: [], exact: true });
        expect(await bench.rebuild()).toMatchObject({ corrected: 0, left: 0 });
      }),
      { numRuns: 25 },
    );
  });

  it('needs no stream for rejected records, which have their places in the archive', async () => {
    const bench = await counted(shardRecords([clickJson({ page: '/a' }), 'no json', 'no json either']));
    bench.archived.forgetBefore(bench.clock.now - 60_000);

    expect(await bench.verify()).toMatchObject({ exact: true, events: 3, linesFromStream: 0 });
  });

  it('says what is missing once the stream has forgotten what the transformer failed at', async () => {
    const records = clicks('/a', '/b');
    const bench = logBench(records);
    bench.archived.fails = ({ sequenceNumber }) => sequenceNumber === records[1]!.sequenceNumber;
    await bench.archived.archiveUpTo(2);
    await bench.deliver(records);
    expect(await bench.verify()).toMatchObject({ exact: true, failedObjects: 1, linesFromStream: 3 });
    bench.archived.forgetBefore(bench.clock.now - 60_000);

    expect(await bench.verify()).toMatchObject({
      exact: false,
      failedObjects: 1,
      notCompared: ['records below errors/ that the archive lacks and the stream has forgotten'],
    });
  });

  it('takes no repair that comes in between for a difference', async () => {
    const records = clicks('/a', '/b', '/c');
    const bench = logBench(records);
    await bench.archived.archiveUpTo(3);
    await bench.deliver(records.slice(0, 1));
    await bench.deliver(records.slice(2));
    const key = await bench.giveUp(records.slice(1, 2));
    const deltasBackwards: typeof bench.table.deltasBackwards = async function* (...args) {
      await bench.repair(key);
      yield* bench.table.deltasBackwards(...args);
    };

    const verified = await verifyRange(range, { ...bench.ports, table: { ...bench.table, deltasBackwards } });
    expect(verified.firstDifferences).toEqual([]);
  });

  it('knows copies whose events happened in another hour, and records that are archived twice', async () => {
    const at = (timestamp: string) => clickJson({ eventId: 'sent-twice', timestamp });
    const records = shardRecords([at('2026-03-01T08:59:59Z'), at('2026-03-01T09:00:01Z'), clickJson()]);
    const bench = await counted(records, horizon);
    await bench.archived.archiveAgain(0, 3);

    expect(await bench.verify()).toMatchObject({ firstDifferences: [], exact: true, events: 3 });
  });

  it('reads a shard in its order, in whatever objects it is archived', async () => {
    const event = (page: string) => clickJson({ eventId: 'sent-twice', page });
    const records = shardRecords([clickJson(), event('/first'), event('/second'), clickJson()]).map(
      (record, index) => ({ ...record, arrivedAt: arrival + 59 * 60_000 + index * 90_000 }),
    );
    const bench = logBench(records, horizon);
    await bench.deliver(records);
    // Filed under the hour of their first records: the second copy stands in the object of the hour before.
    for (const of of [
      [0, 2],
      [1, 3],
    ]) {
      const some = archivedShard(
        of.map((index) => records[index]!),
        () => bench.clock.now,
      );
      await some.archiveUpTo(2);
      for (const [key, object] of some.archive.objects) bench.archived.archive.objects.set(key, object);
    }

    expect(await bench.verify()).toMatchObject({ firstDifferences: [], exact: true });
  });

  it('leaves out what is about to expire', async () => {
    const bench = await counted(clicks('/a'));
    await miscount(bench, 'page', '/a', 1);
    bench.clock.now = arrival + 7 * day - hour;

    const { differences, firstDifferences } = await bench.verify();
    expect(differences).toBe(2);
    expect(firstDifferences.map(({ window }) => window)).toEqual(['day', 'hour']);
  });

  it('leaves out a window as a whole, where only some of it is about to expire', async () => {
    const [early, late] = clicks('/a', '/b') as [ShardRecord, ShardRecord];
    const records = [early, { ...late, arrivedAt: arrival + 5 * day }];
    const bench = logBench(records);
    await bench.archived.archiveUpTo(2);
    for (const record of records) await bench.deliver([record]);
    await miscount(bench, 'page', '/b', 1);
    bench.clock.now = arrival + 7 * day - hour;

    const { firstDifferences } = await bench.verify();
    expect(firstDifferences.map(({ window }) => window)).toEqual(['day', 'hour']);
  });

  it('finds what was sent by a clock that is ahead, with nothing else in its hour', async () => {
    const [ahead, other] = shardRecords([
      clickJson({ page: '/ahead', timestamp: '2026-03-01T10:05:00Z' }),
      clickJson({ page: '/b', timestamp: '2026-03-06T09:00:00Z' }),
    ]) as [ShardRecord, ShardRecord];
    const records = [
      { ...ahead, arrivedAt: Date.parse('2026-03-01T09:55:00Z') },
      { ...other, arrivedAt: Date.parse('2026-03-06T09:00:10Z') },
    ];
    const bench = logBench(records);
    await bench.archived.archiveUpTo(2);
    await bench.deliver(records.slice(1));
    // The log no longer tells that it was given up.
    bench.clock.now = Date.parse('2026-03-22T00:00:00Z');

    const { firstDifferences } = await bench.verify();
    expect(firstDifferences).toContainEqual(
      expect.objectContaining({ window: 'hour', start: '2026-03-01T10:00:00Z', counted: 0, expected: 1 }),
    );
  });

  it('looks at no month without anything', async () => {
    const bench = await counted(clicks('/a'));
    let ranges = 0;
    const itemsIn: typeof bench.table.itemsIn = (...args) => {
      ranges++;
      return bench.table.itemsIn(...args);
    };
    const years = { from: Date.parse('2016-01-01T00:00:00Z'), to: Date.parse('2027-01-01T00:00:00Z') };

    const verified = await verifyRange(years, { ...bench.ports, table: { ...bench.table, itemsIn } });
    expect(verified).toMatchObject({ exact: true, events: 1 });
    // Two a month, and those of one day and of some hours.
    expect(ranges).toBeLessThan(132 * 2 + 500);
  });
});

describe('recover rebuild', () => {
  it('makes the table equal to one clean pass, whatever it counts', async () => {
    const wrong = fc.record({
      value: fc.constantFrom('/docs', '/', 'seq', 'never seen'),
      by: fc.integer({ min: -3, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(streamRecord, { minLength: 1, maxLength: 10 }),
        fc.array(wrong, { maxLength: 4 }),
        fc.boolean(),
        async (data, miscounts, isCompacted) => {
          const records = shardRecords([...data, clickJson()]);
          const bench = await counted(records, horizon);
          for (const { value, by } of miscounts) await miscount(bench, 'page', value, by);
          if (isCompacted) await bench.compact();
          const right = await cleanPass(records, horizon);

          expect((await bench.rebuild({ fewer: true })).reasons).toEqual([]);
          expect(await bench.counted()).toEqual(right);
          expect(await bench.rebuild()).toMatchObject({ corrected: 0, deltas: 0, left: 0 });
          await bench.compact();
          // The mapping may hand everything out again.
          await bench.deliver(records);
          expect(await bench.counted()).toEqual(right);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('only says what it would do, in a dry run', async () => {
    const bench = await counted(clicks('/a', '/b'));
    await miscount(bench, 'page', '/b', 2);
    const before = bench.dynamo.items();

    expect(await bench.rebuild({ dryRun: true })).toMatchObject({ corrected: 3, deltas: 0 });
    expect(bench.dynamo.items()).toEqual(before);
  });

  it('takes away what nothing counts in any more', async () => {
    const records = clicks('/a', '/b');
    const bench = await counted(records);
    await miscount(bench, 'country', 'Norway', 2);

    expect(await bench.rebuild()).toMatchObject({ corrected: 0 });
    expect(await bench.verify()).toMatchObject({ exact: true });
    await miscount(bench, 'late', 'late', 7);
    // One of the day, and one of the hour with its minutes.
    expect(await bench.rebuild()).toMatchObject({ corrected: 3, deltas: 2 });
    await bench.compact();
    const late = Object.keys(await bench.counted()).filter((id) => id.startsWith('late'));
    expect(late).toEqual([]);
  });

  it('leaves a shard of which the archive has fewer events than are counted, unless it is told to', async () => {
    const records = clicks('/a', '/b', '/c', '/d');
    const bench = await counted(records);
    const before = await bench.counted();
    bench.archived.forgetBefore(bench.clock.now);
    bench.archived.archive.objects.delete(bench.archived.archive.keys()[0]!);

    expect(await bench.rebuild()).toMatchObject({
      deltas: 0,
      reasons: [
        'shardId-000000000000 has counted 4 events, of which the archive has 1; --fewer rebuilds all the same',
      ],
    });
    expect(await bench.counted()).toEqual(before);
    expect(await bench.rebuild({ fewer: true })).toMatchObject({ reasons: [], left: 0 });
    expect(await bench.counted()).toMatchObject({ 'total all hour 2026-03-01T09:00:00Z': 1 });
  });

  it('counts no event that was given up, and says so', async () => {
    const records = clicks('/a', '/b', '/c');
    const bench = logBench(records);
    await bench.archived.archiveUpTo(3);
    await bench.deliver(records.slice(0, 1));
    await bench.deliver(records.slice(2));

    expect(await bench.rebuild()).toMatchObject({
      corrected: 0,
      reasons: ['shardId-000000000000: 1 event was given up: recover repair counts it, and not a rebuild'],
    });
  });

  it('cuts what it has to correct into deltas of bounded size', async () => {
    const records = clicks('/a');
    const bench = await counted(records, { limits: { ...deltaLimits, items: 1 } });
    for (const value of ['/b', '/c', '/d']) await miscount(bench, 'page', value, 1);

    expect(await bench.rebuild()).toMatchObject({ corrected: 9, deltas: 9 });
    expect(await bench.counted()).toEqual(await cleanPass(records));
  });

  it('keeps windows apart that live for different times', async () => {
    const records = [0, 5 * day].flatMap((later, index) =>
      shardRecords(
        [clickJson({ page: '/a', timestamp: new Date(happened - index * 60_000).toISOString() })],
        index,
      ).map((record) => ({ ...record, arrivedAt: arrival + later })),
    );
    const bench = logBench(records);
    await bench.archived.archiveUpTo(2);
    for (const record of records) await bench.deliver([record]);
    await bench.compact();
    bench.clock.now += 5 * day;
    for (const item of bench.dynamo.items().filter(({ sk }) => sk?.S?.startsWith('minute#'))) {
      const Item = { ...item, [countAttribute('total', 'all')]: { N: '4' } };
      if (item.pk?.S === 'summary#0') await bench.dynamo.put({ TableName: 'aggregates', Item });
    }

    expect(await bench.rebuild({ fewer: true })).toMatchObject({ corrected: 2, deltas: 2 });
    const corrections = (await bench.deltas()).filter(({ kind }) => kind === 'rebuild');
    expect(corrections.map(({ arrivedAt }) => arrivedAt)).toEqual([arrival, arrival + 5 * day]);
  });
});

describe('A rebuild beside others', () => {
  /** Something comes in between before the first correction is put. */
  const overtaken = async (inBetween: (bench: LogBench, records: ShardRecord[]) => Promise<unknown>) => {
    const records = clicks('/a', '/b', '/a');
    const bench = logBench(records);
    await bench.archived.archiveUpTo(3);
    await bench.deliver(records.slice(0, 2));
    await miscount(bench, 'page', '/b', 5);
    const { table, ports } = bench;
    let [puts, reads] = [0, 0];
    const putDelta: typeof table.putDelta = async (...args) => {
      if (puts++ === 0) await inBetween(bench, records);
      return table.putDelta(...args);
    };
    const entries: typeof table.entries = async (...args) => {
      reads++;
      return table.entries(...args);
    };
    const request = { range, dryRun: false, fewer: false };
    const rebuilt = await rebuildRange(request, { ...ports, table: { ...table, putDelta, entries } });
    const kinds = (await bench.deltas()).map(({ kind }) => kind);
    return { rebuilt, kinds, counted: await bench.counted(), records, puts, reads };
  };

  it('appends the same behind batches that came in between', async () => {
    const { rebuilt, kinds, counted, records, puts } = await overtaken((bench, all) => bench.deliver(all));

    expect(rebuilt).toMatchObject({ corrected: 3, reasons: [] });
    expect(kinds).toEqual(['live', 'rebuild', 'live', 'rebuild', 'rebuild']);
    expect(puts).toBe(3);
    expect(counted).toEqual(await cleanPass(records));
  });

  it('begins anew if another one has corrected', async () => {
    const { kinds, counted, records } = await overtaken((bench) => bench.rebuild());

    expect(kinds).toEqual(['live', 'rebuild', 'rebuild', 'rebuild']);
    expect(counted).toEqual(await cleanPass(records.slice(0, 2)));
  });

  it('begins anew when it has read the log more than half an hour ago', async () => {
    const records = clicks('/a');
    const bench = await counted(records);
    await miscount(bench, 'page', '/a', 5);
    const { ports, archived } = bench;
    let slow = 1;
    const get: typeof archived.archive.get = async (key) => {
      if (slow-- > 0) bench.clock.now += 31 * 60_000;
      return archived.archive.get(key);
    };
    const request = { range, dryRun: false, fewer: false };
    const { objectsRead } = await bench.rebuild({ dryRun: true });
    const rebuilt = await rebuildRange(request, { ...ports, archive: { ...archived.archive, get } });

    expect(rebuilt).toMatchObject({ corrected: 3, reasons: [] });
    // The first part twice.
    expect(rebuilt.objectsRead).toBe(objectsRead + 1);
    expect(await bench.counted()).toEqual(await cleanPass(records));
  });
});

describe('A correction', () => {
  it('is seen by readers who leave out the logs of shards that are settled', async () => {
    const records = clicks('/a');
    const bench = await counted(records);
    await miscount(bench, 'page', '/a', 5);
    bench.clock.now += 3 * day;
    await bench.compact();
    await bench.compact();
    expect(await bench.table.entries()).toMatchObject([{ isSettled: true }]);

    expect(await bench.rebuild()).toMatchObject({ corrected: 3 });
    expect(await bench.counted()).toEqual(await cleanPass(records));
  });

  it('stands behind items that are ahead of the log by another one, as after a restore', async () => {
    const records = clicks('/a');
    const bench = await counted(records);
    await bench.compact();
    const log = bench.dynamo.items().filter(({ pk }) => /^(shards|log#)/.test(pk?.S ?? ''));
    await miscount(bench, 'page', '/a', 5);
    await bench.compact();
    const [, correction] = await bench.deltas();
    const Key = { pk: { S: `log#${shardKey}` }, sk: { S: correction!.predecessor } };
    await bench.dynamo.delete({ TableName: 'aggregates', Key });
    for (const Item of log) await bench.dynamo.put({ TableName: 'aggregates', Item });

    expect(await bench.rebuild()).toMatchObject({ corrected: 3, reasons: [] });
    await bench.compact();
    expect(await bench.counted()).toEqual(await cleanPass(records));
  });
});

describe('Where values had no room', () => {
  /** So many types of the longest text that one item cannot hold them. */
  const crowd = (): ShardRecord[] => {
    const types = Array.from({ length: 1_500 }, (_, index) => `${index}`.padStart(200, 'x'));
    const lines = types.map((type) => clickJson({ type }));
    return shardRecords([0, 500, 1_000].map((begin) => lines.slice(begin, begin + 500).join('\n')));
  };

  it('sums are compared, since the order of the log decides which', async () => {
    const records = crowd();
    const bench = logBench(records);
    await bench.archived.archiveUpTo(3);
    await bench.deliver(records.slice(0, 1));
    await bench.deliver(records.slice(2));
    await bench.repair(await bench.giveUp(records.slice(1, 2)));
    const now = await bench.counted();

    expect(now).not.toEqual(await cleanPass(records));
    expect(await bench.verify()).toMatchObject({ exact: true, events: 1_500 });
    await miscount(bench, 'type', 'too much', 3);
    expect(await bench.verify()).toMatchObject({
      differences: 3,
      firstDifferences: [
        { dimension: 'type', value: '(other)', window: 'minute', counted: 1_503, expected: 1_500 },
        { window: 'day' },
        { window: 'hour' },
      ],
    });
    await bench.rebuild();
    expect(await bench.verify()).toMatchObject({ exact: true, firstDifferences: [] });
  });
});

describe('Sketches', () => {
  const visits = (...visitorIds: string[]): ShardRecord[] =>
    shardRecords(visitorIds.map((visitorId) => clickJson({ visitorId, page: '/a' })));

  it('get what they lack', async () => {
    const records = visits('anna', 'ben', 'anna');
    const bench = await counted(records);
    const seen = logBench(records, { ...horizon, dynamo: bench.dynamo });
    await seen.archived.archiveUpTo(3);

    expect((await seen.verify()).firstDifferences).toContainEqual({
      dimension: 'visitors-total',
      window: 'hour',
      start: '2026-03-01T09:00:00Z',
      shardKey: 'clicks/shardId-000000000000',
      value: 'all',
      counted: 0,
      expected: 2,
    });
    expect((await seen.rebuild()).reasons).toEqual([]);
    expect(await seen.counted()).toEqual(await cleanPass(records, horizon));
  });

  it('keep what they have seen beyond the archive, which is named', async () => {
    const records = visits('anna', 'ben');
    const bench = await counted(records, horizon);
    await bench.compact();
    bench.archived.forgetBefore(bench.clock.now);
    bench.archived.archive.objects.clear();
    const less = logBench(visits('anna', 'anna'), { ...horizon, dynamo: bench.dynamo });
    await less.archived.archiveUpTo(2);
    const { reasons, left } = await less.rebuild();

    // Of all and of the page in the hour, and of all in the day.
    expect(left).toBe(3);
    expect(reasons).toContain(
      'shardId-000000000000 has seen more visitors-total of all in hour 2026-03-01T09:00:00Z than the archive (2, not 1): a sketch only grows',
    );
    expect(await less.verify()).toMatchObject({ differences: 3, exact: false });
  });
});

describe('Items that are ahead of their log', () => {
  it('are neither compared nor corrected', async () => {
    const records = clicks('/a', '/b');
    const bench = await counted(records);
    await bench.compact();
    const address = { group: summaryGroup, bucket: 0, size: 'minute', start: minute } as const;
    const key = itemKey(address, shardKey);
    const item = bench.dynamo.items().find(({ pk, sk }) => pk?.S === key.pk && sk?.S === key.sk)!;
    const ahead = { ...item, seq: { S: '057' }, [countAttribute('total', 'all')]: { N: '9' } };
    await bench.dynamo.put({ TableName: 'aggregates', Item: ahead });

    expect(await bench.verify()).toMatchObject({
      notCompared: ['shardId-000000000000: its items are ahead of its log, as after a restore'],
    });
    expect(await bench.rebuild()).toMatchObject({
      deltas: 0,
      reasons: [expect.stringContaining('has items ahead of its log')],
    });
  });
});
