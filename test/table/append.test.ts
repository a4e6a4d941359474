import fc from 'fast-check';
import { logBegin } from '../../domain/counters/log-place';
import { uniques } from '../../domain/visitors/uniques';
import { clickJson } from '../support/click-factory';
import {
  abortable,
  type CallName,
  Crash,
  countedCalls,
  type Fault,
  failingCalls,
  interceptedCalls,
} from '../support/intercepted-calls';
import { kplAggregate } from '../support/kpl-encoder';
import { createLogBench, daySums, logDays, viewed } from '../support/log-bench';
import { duplicatesOf, horizonSeconds, recordOf, repetitiveShard } from '../support/repeated-events';
import { arrival, shardKey, shardRecords } from '../support/shard-records';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const clicks = (number: number, from = 0) =>
  shardRecords(
    Array.from({ length: number }, () => clickJson()),
    from,
  );
const withIds = (...ids: readonly string[]) => shardRecords(ids.map((eventId) => clickJson({ eventId })));

describe('A batch', () => {
  it('is one delta of its shard’s log, with what it counts, behind the one before', async () => {
    const bench = createLogBench();
    const appender = bench.appender();
    const lines = [
      clickJson({ page: '/a' }),
      'oops',
      clickJson({ page: '/b', timestamp: '2026-02-27T10:00:00Z' }),
    ];
    const first = await bench.append(appender, shardRecords(lines));
    expect(first).toEqual({
      records: 3,
      recordsCountedBefore: 0,
      lines: 3,
      valid: 2,
      duplicates: 0,
      late: 1,
      invalidByReason: new Map([['not_json', 1]]),
      deltas: 1,
      refused: 0,
    });
    await bench.append(appender, shardRecords([clickJson({ page: '/a' })], 3));
    const deltas = [];
    for await (const delta of bench.table.deltas(shardKey, logBegin)) deltas.push(delta);
    expect(deltas).toMatchObject([
      { kind: 'live', predecessor: logBegin, arrivedAt: arrival + 2_000, idsToken: undefined },
      { kind: 'live', predecessor: deltas[0]!.last, arrivedAt: arrival + 3_000 },
    ]);
    expect(deltas[0]!.covers[0]!.last).toBe(deltas[0]!.last);
    expect(deltas[0]!.expiresAt).toBe(Math.floor(bench.clock.now / 1_000) + logDays * 86_400);
    expect(daySums(await bench.view())).toMatchObject({
      'page:/a': 2,
      'page:/b': 1,
      'total:all': 3,
      'invalid:not_json': 1,
    });
  });

  it('that comes again changes nothing, warm or cold', async () => {
    const bench = createLogBench();
    const warm = bench.appender();
    const records = clicks(3);
    await bench.append(warm, records);
    const before = viewed(await bench.view());
    for (const appender of [warm, bench.appender()]) {
      const outcome = await bench.append(appender, records);
      expect(outcome).toMatchObject({ records: 3, recordsCountedBefore: 3, lines: 0, deltas: 0, refused: 0 });
    }
    expect(viewed(await bench.view())).toEqual(before);
  });

  it('that overlaps what was counted counts from the middle of a record on, be it packed or an aggregate', async () => {
    const lines = Array.from({ length: 5 }, (_, i) => clickJson({ page: `/${i}` }));
    for (const data of [
      lines.join('\n'),
      kplAggregate(lines),
      kplAggregate([lines.slice(0, 3).join('\n'), ...lines.slice(3)]),
    ]) {
      const bench = createLogBench();
      const records = shardRecords([data, clickJson({ page: '/last' })]);
      // A single event passes its limits, so each line is a delta; the third is not made.
      const limits = { bytes: 1, items: 1, events: 1 };
      const dying = bench.appender({ limits }, failingCalls(bench.dynamo, new Map([[6, 'before']])));
      const first = await bench.append(dying, records);
      expect(first).toMatchObject({
        deltas: 2,
        lowestUnfinished: records[0]!.sequenceNumber,
        unfinishedBecause: 'Crash',
      });
      const second = await bench.append(bench.appender(), records);
      expect(second).toMatchObject({ lines: 4, deltas: 1, recordsCountedBefore: 0 });
      expect(daySums(await bench.view())).toEqual({
        'page:/0': 1,
        'page:/1': 1,
        'page:/2': 1,
        'page:/3': 1,
        'page:/4': 1,
        'page:/last': 1,
        'total:all': 6,
        'type:page_view': 6,
        'device:unknown': 6,
        'bot:human': 6,
      });
    }
  });

  it('of a mebibyte of events, each in an hour of its own, is done in one delivery', async () => {
    const bench = createLogBench();
    const lines = Array.from({ length: 11_774 }, (_, number) => {
      const timestamp = new Date(arrival - number * hourMs).toISOString();
      return `{"eventId":"${number}","type":"t","timestamp":"${timestamp}","visitorId":"v","page":"/"}`;
    });
    const outcome = await bench.append(
      bench.appender({ deduplicationSeconds: 300 }),
      shardRecords([lines.join('\n')]),
    );
    expect(outcome).toMatchObject({ valid: 11_774, duplicates: 0 });
    expect(outcome.lowestUnfinished).toBeUndefined();
    for (const { body, ids } of bench.dynamo.items()) {
      expect((body?.B ?? ids?.B)?.length ?? 0).toBeLessThan(390_000);
    }
  });

  it('without records is refused', async () => {
    const bench = createLogBench();
    await expect(bench.append(bench.appender(), [])).rejects.toThrow('batch without records');
  });
});

describe('The calls of a batch', () => {
  const made = async (deduplicationSeconds: number, prepare: boolean): Promise<CallName[][]> => {
    const bench = createLogBench();
    const { calls, made: names } = countedCalls(bench.dynamo);
    if (prepare) await bench.append(bench.appender({ deduplicationSeconds }), clicks(2));
    const appender = bench.appender({ deduplicationSeconds }, calls);
    const batches: CallName[][] = [];
    for (const from of [2, 4, 6]) {
      names.length = 0;
      await bench.append(appender, clicks(2, from));
      batches.push([...names]);
    }
    return batches;
  };

  it('are one put when warm, and two where duplicates are removed', async () => {
    expect((await made(0, true)).slice(1)).toEqual([['put'], ['put']]);
    expect((await made(300, true)).slice(1)).toEqual([
      ['put', 'put'],
      ['put', 'put'],
    ]);
  });

  it('are the entry and the tail before it when cold; with duplicates removed also the ids', async () => {
    expect((await made(0, true))[0]).toEqual(['get', 'query', 'put']);
    expect((await made(300, true))[0]).toEqual(['get', 'query', 'query', 'batchGet', 'put', 'put']);
  });

  it('make the entry of a new shard before its first delta', async () => {
    expect((await made(0, false))[0]).toEqual(['get', 'put', 'get', 'query', 'put']);
    expect((await made(300, false))[0]).toEqual(['get', 'put', 'get', 'query', 'query', 'put', 'put']);
  });

  it('learn the shard anew after an hour, and renew its entry a day before it ends', async () => {
    const bench = createLogBench();
    const { calls, made: names } = countedCalls(bench.dynamo);
    const appender = bench.appender({}, calls);
    const start = bench.clock.now;
    const at = async (ms: number, from: number): Promise<CallName[]> => {
      bench.clock.now = start + ms;
      names.length = 0;
      await bench.append(appender, clicks(1, from));
      return [...names];
    };
    await at(0, 0);
    expect((await bench.table.entry(shardKey))?.activeUntil).toBe(start + 2 * dayMs);
    expect(await at(hourMs, 1)).toEqual(['put']);
    expect(await at(hourMs + 1, 2)).toEqual(['get', 'query', 'put']);
    expect(await at(dayMs, 3)).toEqual(['get', 'query', 'put']);
    expect(await at(dayMs + hourMs + 1, 4)).toEqual(['get', 'update', 'query', 'put']);
    expect((await bench.table.entry(shardKey))?.activeUntil).toBe(start + 3 * dayMs + hourMs + 1);
  });
});

describe('A batch that cannot be done', () => {
  it('reports the first record of which an event is not counted, by the kind of the error', async () => {
    const bench = createLogBench();
    const throttled = Object.assign(new Error('of /secret-page'), { name: 'ThrottlingException' });
    let puts = 0;
    const calls = interceptedCalls(bench.dynamo, (name, _input, act) => {
      // The entry, then three deltas.
      if (name === 'put' && ++puts > 4) throw throttled;
      return act();
    });
    const records = clicks(5);
    const limits = { bytes: 1, items: 1, events: 1 };
    const cut = await bench.append(bench.appender({ limits }, calls), records);
    expect(cut).toMatchObject({
      deltas: 3,
      lines: 3,
      lowestUnfinished: records[3]!.sequenceNumber,
      unfinishedBecause: 'ThrottlingException',
    });
    expect(JSON.stringify(cut)).not.toContain('secret');
  });

  it('counts nothing when the shard cannot be learned', async () => {
    const bench = createLogBench();
    const records = clicks(2);
    for (const call of [0, 1, 2, 3]) {
      const appender = bench.appender({}, failingCalls(createLogBench().dynamo, new Map([[call, 'before']])));
      expect(await bench.append(appender, records)).toMatchObject({
        lines: 0,
        recordsCountedBefore: 0,
        lowestUnfinished: records[0]!.sequenceNumber,
      });
    }
  });

  it('ends in time: no delta is begun once the signal is, and those that stand are kept', async () => {
    const bench = createLogBench();
    const records = clicks(6);
    const controller = new AbortController();
    let deltas = 0;
    const calls = interceptedCalls(bench.dynamo, async (name, _input, act) => {
      const output = await act();
      // The entry is the first put.
      if (name === 'put' && ++deltas === 3) controller.abort();
      return output;
    });
    const limits = { bytes: 1, items: 1, events: 1 };
    const outcome = await bench.append(bench.appender({ limits }, calls), records, controller.signal);
    expect(outcome).toMatchObject({
      deltas: 2,
      lowestUnfinished: records[2]!.sequenceNumber,
      unfinishedBecause: 'AbortError',
    });
    expect(daySums(await bench.view())).toMatchObject({ 'total:all': 2 });

    const signal = AbortSignal.abort();
    const late = await bench.append(bench.appender({}, abortable(bench.dynamo)), records, signal);
    expect(late).toMatchObject({ deltas: 0, lowestUnfinished: records[0]!.sequenceNumber });
  });
});

describe('An append that is refused', () => {
  it('goes on behind what others have appended, whose events it does not count again', async () => {
    const bench = createLogBench();
    const [one, two] = [bench.appender(), bench.appender()];
    const records = clicks(6);
    await bench.append(one, records.slice(0, 1));
    await bench.append(two, records.slice(0, 1));
    await bench.append(two, records.slice(1, 4));
    const outcome = await bench.append(one, records.slice(1));
    expect(outcome).toMatchObject({ refused: 1, deltas: 1, lines: 2, recordsCountedBefore: 0 });
    expect(daySums(await bench.view())).toMatchObject({ 'total:all': 6 });
  });

  it('is done if the table has taken it and only the answer was lost', async () => {
    const bench = createLogBench();
    const [first, second, third] = [clicks(2), clicks(2, 2), clicks(2, 4)];
    // The call after those of the first batch: get, put, get, query, put.
    const appender = bench.appender({}, failingCalls(bench.dynamo, new Map([[5, 'after']])));
    await bench.append(appender, first);
    expect(await bench.append(appender, second)).toMatchObject({
      deltas: 0,
      lowestUnfinished: second[0]!.sequenceNumber,
    });
    expect(await bench.append(appender, second)).toMatchObject({ refused: 1, deltas: 0 });
    expect(await bench.append(appender, third)).toMatchObject({ refused: 0, deltas: 1 });
    expect(daySums(await bench.view())).toMatchObject({ 'total:all': 6 });
  });

  it('decides duplicates anew, by the ids of what came in between', async () => {
    const bench = createLogBench();
    const [one, two] = [1, 2].map(() => bench.appender({ deduplicationSeconds: 300 }));
    const records = withIds('a', 'b', 'c', 'b', 'c', 'd');
    await bench.append(one!, records.slice(0, 1));
    await bench.append(two!, records.slice(0, 1));
    await bench.append(two!, records.slice(1, 3));
    const outcome = await bench.append(one!, records.slice(1));
    expect(outcome).toMatchObject({ refused: 1, lines: 3, duplicates: 2 });
    expect(daySums(await bench.view())).toMatchObject({ 'total:all': 4, 'duplicate:duplicate': 2 });
  });
});

describe('Duplicates', () => {
  const deduplicationSeconds = 300;
  const sums = async (bench: ReturnType<typeof createLogBench>) => {
    const { 'total:all': total, 'duplicate:duplicate': duplicates } = daySums(await bench.view());
    return [total, duplicates];
  };

  it('are told in one batch, in a later one, and by a function that has just started', async () => {
    const bench = createLogBench();
    const warm = bench.appender({ deduplicationSeconds });
    const records = withIds('a', 'b', 'a', 'b', 'c', 'c');
    expect(await bench.append(warm, records.slice(0, 3))).toMatchObject({ valid: 3, duplicates: 1 });
    expect(await bench.append(warm, records.slice(3, 5))).toMatchObject({ valid: 2, duplicates: 1 });
    expect(await bench.append(bench.appender({ deduplicationSeconds }), records)).toMatchObject({
      valid: 1,
      duplicates: 1,
    });
    expect(await sums(bench)).toEqual([3, 3]);
  });

  it('are counted where they are not removed, and no ids are kept', async () => {
    const bench = createLogBench();
    await bench.append(bench.appender(), withIds('a', 'a'));
    expect(await sums(bench)).toEqual([2, undefined]);
    expect(bench.dynamo.items().filter(({ ids }) => ids)).toEqual([]);
  });

  it('are known after a change of the horizon, longer or shorter', async () => {
    for (const [before, after] of [
      [300, 900],
      [900, 300],
    ] as const) {
      const bench = createLogBench();
      const records = withIds('a', 'b', 'a', 'b', 'c', 'a', 'c');
      await bench.append(bench.appender({ deduplicationSeconds: before }), records.slice(0, 2));
      const changed = bench.appender({ deduplicationSeconds: after });
      expect(await bench.append(changed, records.slice(2, 4))).toMatchObject({ duplicates: 2 });
      expect(await bench.append(changed, records.slice(4))).toMatchObject({ duplicates: 2 });
      expect(await sums(bench)).toEqual([3, 4]);
    }
  });

  it('are looked for no more than once after a shorter horizon was set, whose old slices may end ahead', async () => {
    const bench = createLogBench();
    const early = shardRecords(
      Array.from({ length: 700 }, (_, i) => clickJson({ eventId: `${i}` })),
      0,
    ).map((record, i) => ({ ...record, arrivedAt: arrival - 700 + i }));
    await bench.append(bench.appender({ deduplicationSeconds: 900 }), early);
    const { calls, made } = countedCalls(bench.dynamo);
    const changed = bench.appender({ deduplicationSeconds: 60 }, calls);
    for (let n = 0; n < 3; n++)
      await bench.append(
        changed,
        clicks(1, 700 + n).map((r) => ({ ...r, arrivedAt: arrival + n })),
      );
    expect(made).toEqual(['get', 'query', 'query', 'batchGet', 'put', 'put', 'put', 'put', 'put', 'put']);
  });

  it('are read for no further back than they matter', async () => {
    const bench = createLogBench();
    const warm = bench.appender({ deduplicationSeconds: 100 });
    for (let n = 0; n < 400; n++) await bench.append(warm, clicks(1, n));
    let asked = 0;
    const calls = interceptedCalls(bench.dynamo, (name, input, act) => {
      const { RequestItems } = input as { RequestItems?: Record<string, { Keys: unknown[] }> };
      if (name === 'batchGet') asked += RequestItems!.aggregates!.Keys.length;
      return act();
    });
    await bench.append(bench.appender({ deduplicationSeconds: 100 }, calls), clicks(1, 400));
    // Nine slices of 20 seconds, a delta a second, and the one behind them.
    expect(asked).toBeGreaterThanOrEqual(180);
    expect(asked).toBeLessThanOrEqual(182);
  });

  it('are told however little memory there is, of shards in turn', async () => {
    const bench = createLogBench();
    const appender = bench.appender({ deduplicationSeconds, knownBytes: 1 });
    const signal = new AbortController().signal;
    const records = withIds('a', 'b', 'a', 'b');
    let duplicates = 0;
    for (const record of records) {
      for (const shard of ['clicks/a', 'clicks/b'])
        duplicates += (await appender.append(shard, [record], signal)).duplicates;
    }
    expect(duplicates).toBe(4);
  });

  it('are 35,000 of 65,000 events in one record, whatever delta they fall into', async () => {
    const bench = createLogBench();
    const line = (id: number) =>
      `{"eventId":"${id}","type":"t","timestamp":"2026-03-01T09:59:30Z","visitorId":"v","page":"/"}`;
    const data = Array.from({ length: 65_000 }, (_, i) => line(i % 30_000)).join('\n');
    const outcome = await bench.append(bench.appender({ deduplicationSeconds }), shardRecords([data]));
    expect(outcome).toMatchObject({ valid: 65_000, duplicates: 35_000, deltas: 3 });
    for (const { ids } of bench.dynamo.items()) expect(ids?.B?.length ?? 0).toBeLessThan(380_000);
  });
});

const step = fc.record({
  length: fc.integer({ min: 1, max: 8 }),
  /** The mapping goes on from so many records before the first that is not done. */
  back: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 30 }) }),
  environment: fc.nat({ max: 2 }),
  isCold: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  isCompacted: fc.oneof(
    { weight: 3, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  faults: fc
    .array(fc.tuple(fc.nat({ max: 8 }), fc.constantFrom<Fault>('before', 'after')), { maxLength: 2 })
    .map((faults) => new Map(faults)),
});

describe('The log of a shard', () => {
  it('comes to what one clean pass comes to, after any batches, faults, redeliveries, cold starts and compactions', async () => {
    let removed = 0;
    await fc.assert(
      fc.asyncProperty(
        repetitiveShard,
        fc.array(step, { minLength: 1, maxLength: 15 }),
        fc.constantFrom(1, 3, 30_000),
        fc.constantFrom(1, 2, 1_000),
        async (placed, steps, events, itemsPerPage) => {
          const records = placed.map(recordOf);
          const duplicates = duplicatesOf(placed.flatMap((record) => record.events)).size;
          const settings = { deduplicationSeconds: horizonSeconds, uniques: uniques.slice(1, 2) };
          const clean = createLogBench();
          await clean.append(clean.appender(settings), records);

          const bench = createLogBench({ itemsPerPage });
          let faults: ReadonlyMap<number, Fault> = new Map();
          let made = 0;
          const through = interceptedCalls(bench.dynamo, async (_name, _input, act) => {
            const fault = faults.get(made++);
            if (fault === 'before') throw new Crash('before');
            const output = await act();
            if (fault === 'after') throw new Crash('after');
            return output;
          });
          const limits = { bytes: 300_000, items: 4_000, events };
          const start = () => bench.appender({ ...settings, limits }, through);
          const environments = [start(), start(), start()];
          const tally = { valid: 0, duplicates: 0 };
          let done = 0;
          const cleanly = Array.from({ length: records.length }, () => ({
            ...steps[0]!,
            length: 3,
            back: 0,
            faults: new Map(),
          }));
          for (const { length, back, environment, isCold, isCompacted, faults: next } of [
            ...steps,
            ...cleanly,
          ]) {
            const from = Math.max(done - back, 0);
            const batch = records.slice(from, from + length);
            if (batch.length === 0) continue;
            if (isCold) environments[environment] = start();
            faults = next;
            made = 0;
            const outcome = await bench.append(environments[environment]!, batch);
            tally.valid += outcome.valid;
            tally.duplicates += outcome.duplicates;
            const unfinished = batch.findIndex(
              ({ sequenceNumber }) => sequenceNumber === outcome.lowestUnfinished,
            );
            done = Math.max(done, from + (unfinished === -1 ? batch.length : unfinished));
            if (isCompacted && (await bench.table.entry(shardKey))) await bench.compactAll();
          }
          expect(done).toBe(records.length);
          expect(viewed(await bench.view()).items).toEqual(viewed(await clean.view()).items);
          expect(daySums(await bench.view())['duplicate:duplicate'] ?? 0).toBe(duplicates);
          // Of what was appended and not answered nobody knows; nothing is told twice.
          expect(tally.duplicates).toBeLessThanOrEqual(duplicates);
          removed += duplicates;
        },
      ),
      { numRuns: Number(process.env.NUM_RUNS ?? 40) },
    );
    expect(removed).toBeGreaterThan(20);
  });
});
