import fc from 'fast-check';
import { windowSizes } from '../../domain/counters/window';
import type { CompactOptions } from '../../table/compact';
import type { DynamoCalls } from '../../table/dynamo-calls';
import type { View } from '../../table/view';
import { clickJson } from '../support/click-factory';
import { type CallName, Crash, countedCalls, interceptedCalls } from '../support/intercepted-calls';
import { interleaved } from '../support/interleaved';
import {
  createLogBench,
  daySums,
  everyWindow,
  type LogBench,
  sumsByWindow,
  viewed,
} from '../support/log-bench';
import { neverAborted } from '../support/never-aborted';
import { arrival, shardKey, shardRecords } from '../support/shard-records';

const dayMs = 86_400_000;
const minute = (number: number): string => new Date(arrival - number * 60_000).toISOString();
/** One event a record, each on a page and in a minute of its own. */
const spread = (number: number, from = 0) =>
  shardRecords(
    Array.from({ length: number }, (_, i) =>
      clickJson({ page: `/${from + i}`, timestamp: minute(from + i) }),
    ),
    from,
  );

/** A log of so many deltas. */
async function logOf(deltas: number): Promise<LogBench> {
  const bench = createLogBench();
  const appender = bench.appender();
  for (let n = 0; n < deltas; n++) await bench.append(appender, spread(1, n));
  return bench;
}

const compact = async (bench: LogBench, compactor = bench.compactor(), everything = false) =>
  compactor.compact((await bench.table.entry(shardKey))!, everything, neverAborted());

const compactedTo = async (bench: LogBench) => (await bench.table.entry(shardKey))!.compactedTo;
/** How many windows an event counts in. */
const sizes = windowSizes.length;
const isItem = ({ seq }: { readonly seq?: unknown }): boolean => seq !== undefined;
const items = (bench: LogBench) => bench.dynamo.items().filter(isItem);

describe('Compaction of a shard', () => {
  it('folds its deltas into items, and changes nothing that a reader sees', async () => {
    const bench = await logOf(5);
    const before = viewed(await bench.view());
    expect(items(bench)).toEqual([]);
    const tail = before.shards[0]!.tail;
    expect(await compact(bench, bench.compactor(), true)).toEqual({
      deltas: 5,
      items: items(bench).length,
      retried: 0,
      pending: 0,
      oldestPendingMs: 0,
      hasGap: false,
    });
    expect(await bench.table.entry(shardKey)).toMatchObject({
      compactedTo: tail,
      compactedAt: bench.clock.now,
      countedUntil: arrival + 4_000,
    });
    // Of the summary five minutes, two hours and one of each larger window; and of each page a window of each size.
    expect(items(bench)).toHaveLength(5 + 2 + (sizes - 2) + 5 * sizes);
    expect(viewed(await bench.view())).toEqual(before);
  });

  it('leaves young deltas, and says how old the oldest is', async () => {
    const bench = await logOf(2);
    bench.clock.now += 59_000;
    await bench.append(bench.appender(), spread(1, 2));
    expect(await compact(bench)).toMatchObject({ deltas: 0, pending: 3, oldestPendingMs: 59_000 });
    expect(items(bench)).toEqual([]);
    bench.clock.now += 1_000;
    // Once one is old enough, all are taken: one write of each item for all of them.
    expect(await compact(bench)).toMatchObject({ deltas: 3, pending: 0, oldestPendingMs: 0 });
  });

  it('takes deltas however young they are once many bytes of them are pending', async () => {
    const bench = await logOf(3);
    const bytes = bench.dynamo.items().reduce((sum, { body }) => sum + (body?.B?.length ?? 0), 0);
    const limits = (pendingBytes: number) => ({ limits: { items: 4_000, pendingBytes } });
    expect(await compact(bench, bench.compactor(limits(bytes + 1)))).toMatchObject({ deltas: 0, pending: 3 });
    expect(await compact(bench, bench.compactor(limits(bytes)))).toMatchObject({ deltas: 3, pending: 0 });
  });

  it('is held up by no delta that was put under longer logDays, and seems young', async () => {
    const bench = createLogBench();
    await bench.append(bench.appender({ logDays: 30 }), spread(1));
    await bench.append(bench.appender(), spread(1, 1));
    bench.clock.now += 60_000;
    expect(await compact(bench)).toMatchObject({ deltas: 2, pending: 0 });
  });

  it('writes in pieces of bounded items, one delta at least', async () => {
    const bench = await logOf(6);
    const { calls, made } = countedCalls(bench.dynamo);
    // A delta touches a window of each size twice, the second only two more of the summary, and those of its page.
    const limits = { items: 2 * sizes + (2 + sizes) + 2, pendingBytes: 1 };
    expect(await compact(bench, bench.compactor({ limits }, calls), true)).toMatchObject({
      deltas: 6,
      pending: 0,
    });
    expect(made.filter((name) => name === 'update')).toHaveLength(3);
    expect(daySums(await bench.view())).toMatchObject({ 'total:all': 6 });

    const single = await logOf(3);
    const small = single.compactor({ limits: { items: 1, pendingBytes: 1 } });
    expect(await compact(single, small, true)).toMatchObject({ deltas: 3, pending: 0 });
  });

  it('reads a long log in parts, none of it twice', async () => {
    const bench = await logOf(20);
    const before = viewed(await bench.view());
    let read = 0;
    const calls = interceptedCalls(bench.dynamo, async (name, _input, act) => {
      const output = await act();
      if (name === 'query') read++;
      return output;
    });
    const limits = { items: 4_000, pendingBytes: 1, bytesRead: 300 };
    const compactor = bench.compactor({ limits }, calls);
    expect(await compact(bench, compactor)).toMatchObject({ deltas: 20, pending: 0, hasGap: false });
    expect(read).toBeGreaterThan(3);
    expect(viewed(await bench.view())).toEqual(before);
  });

  it('keeps in memory what it left, and reads only what is new', async () => {
    const bench = await logOf(3);
    let from: string | undefined;
    const calls = interceptedCalls(bench.dynamo, (name, input, act) => {
      const { ExpressionAttributeValues } = input as {
        ExpressionAttributeValues?: Record<string, { S?: string }>;
      };
      if (name === 'query') from = ExpressionAttributeValues?.[':from']?.S;
      return act();
    });
    const compactor = bench.compactor({}, calls);
    await compact(bench, compactor);
    const tail = viewed(await bench.view()).shards[0]!.tail;
    await bench.append(bench.appender(), spread(1, 3));
    expect(await compact(bench, compactor)).toMatchObject({ pending: 4 });
    expect(from).toBe(tail);
    bench.clock.now += 60_000;
    expect(await compact(bench, compactor)).toMatchObject({ deltas: 4, pending: 0 });
    expect(daySums(await bench.view())).toMatchObject({ 'total:all': 4 });
  });

  it('tells the latest arrival that is in the items, though arrivals run backwards', async () => {
    const bench = createLogBench();
    const appender = bench.appender();
    const records = spread(3);
    const arrivals = [5_000, 9_000, 7_000];
    for (const [n, record] of records.entries())
      await bench.append(appender, [{ ...record, arrivedAt: arrival + arrivals[n]! }]);
    await compact(bench, bench.compactor({ limits: { items: 1, pendingBytes: 1 } }), true);
    expect((await bench.table.entry(shardKey))?.countedUntil).toBe(arrival + 9_000);
  });

  it('stops with its time, keeps what it has done, and tells what is left', async () => {
    const bench = await logOf(6);
    const controller = new AbortController();
    let puts = 0;
    const calls = interceptedCalls(bench.dynamo, async (name, _input, act) => {
      if (controller.signal.aborted) throw new Crash('ended');
      const output = await act();
      // In the middle of the third delta.
      if (name === 'put' && ++puts === 2 * 2 * sizes + 3) controller.abort();
      return output;
    });
    const compactor = bench.compactor({ limits: { items: 1, pendingBytes: 1 } }, calls);
    const entry = (await bench.table.entry(shardKey))!;
    expect(await compactor.compact(entry, true, controller.signal)).toMatchObject({ deltas: 2, pending: 4 });
    expect(await compact(bench, bench.compactor(), true)).toMatchObject({ deltas: 4, pending: 0 });
    expect(daySums(await bench.view())).toMatchObject({ 'total:all': 6 });
  });

  it('throws what the table throws', async () => {
    const bench = await logOf(1);
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const calls = interceptedCalls(bench.dynamo, (name, _input, act) => {
      if (name === 'batchGet') throw throttled;
      return act();
    });
    await expect(compact(bench, bench.compactor({}, calls), true)).rejects.toThrow('slow down');
  });

  it('drops windows whose time to live is over, and brings none of them back', async () => {
    const bench = await logOf(1);
    bench.clock.now = arrival + 8 * dayMs;
    expect(await compact(bench)).toMatchObject({ deltas: 1, pending: 0 });
    // Minutes live for seven days.
    expect(
      items(bench)
        .map(({ sk }) => sk?.S?.split('#')[0])
        .sort(),
    ).toEqual(windowSizes.flatMap((size) => (size === 'minute' ? [] : [size, size])).sort());
    await bench.append(
      bench.appender(),
      spread(1, 1).map((r) => ({ ...r, arrivedAt: arrival })),
    );
    await compact(bench, bench.compactor(), true);
    expect(items(bench).filter(({ sk }) => sk?.S?.startsWith('minute'))).toEqual([]);
  });
});

describe('A gap in a log', () => {
  it('is reported, and nothing behind it is compacted', async () => {
    const bench = await logOf(5);
    const deltas = [];
    for await (const delta of bench.table.deltas(shardKey, '0')) deltas.push(delta);
    const Key = { pk: { S: `log#${shardKey}` }, sk: { S: deltas[2]!.predecessor } };
    await bench.dynamo.delete({ TableName: 'aggregates', Key });
    for (const compactor of [
      bench.compactor(),
      bench.compactor({ limits: { items: 1, pendingBytes: 1, bytesRead: 1 } }),
    ]) {
      expect(await compact(bench, compactor, true)).toMatchObject({ hasGap: true });
      expect((await compactedTo(bench)) <= deltas[1]!.last).toBe(true);
      await expect(bench.view()).rejects.toThrow(`the delta behind ${deltas[1]!.last} is missing`);
    }
    const total = items(bench).find(({ pk, sk }) => pk?.S === 'summary#0' && sk?.S?.startsWith('day'));
    expect(Number(total?.['total:all']?.N ?? 0)).toBeLessThanOrEqual(2);
  });
});

describe('An entry', () => {
  it('settles once nothing is pending and it is active no more, and the next append renews it', async () => {
    const bench = await logOf(1);
    const isSettled = async () => (await bench.table.entry(shardKey))!.isSettled;
    await compact(bench, bench.compactor(), true);
    expect(await isSettled()).toBe(false);
    await compact(bench);
    expect(await isSettled()).toBe(false);
    bench.clock.now += 2 * dayMs + 1;
    await compact(bench);
    expect(await isSettled()).toBe(true);
    const before = await bench.view();
    expect(daySums(before)).toMatchObject({ 'total:all': 1 });

    await bench.append(bench.appender(), spread(1, 1));
    expect(await isSettled()).toBe(false);
    expect(daySums(await bench.view())).toMatchObject({ 'total:all': 2 });
  });

  it('does not settle with deltas pending, however long they have been', async () => {
    const bench = await logOf(1);
    bench.clock.now += 3 * dayMs;
    await compact(bench, bench.compactor({ compactionSeconds: 4 * 86_400 }));
    expect((await bench.table.entry(shardKey))!.isSettled).toBe(false);
  });
});

const settings = fc.record({
  items: fc.constantFrom(1, 10, 4_000),
  bytesRead: fc.constantFrom(1, 500, 1_000_000),
});
const optionsOf = (limits: { items: number; bytesRead: number }): Partial<CompactOptions> => ({
  limits: { ...limits, pendingBytes: 1 },
});

describe('Compaction killed anywhere, or in company', () => {
  const clean = async (deltas: number) => {
    const bench = await logOf(deltas);
    await compact(bench, bench.compactor(), true);
    return viewed(await bench.view());
  };

  it('is gone on with by whoever comes next, and a reader never sees a difference', async () => {
    const expected = await clean(4);
    const kills = fc.array(fc.record({ call: fc.nat({ max: 30 }), acts: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    });
    let killed = 0;
    await fc.assert(
      fc.asyncProperty(kills, settings, async (schedule, limits) => {
        const bench = await logOf(4);
        for (const { call, acts } of schedule) {
          let made = 0;
          const calls = interceptedCalls(bench.dynamo, async (_name, _input, act) => {
            const number = made++;
            if (number > call || (number === call && !acts)) throw new Crash('killed');
            const output = await act();
            if (number === call) throw new Crash('killed before it saw the answer');
            return output;
          });
          const work = compact(bench, bench.compactor(optionsOf(limits), calls), true);
          await work.catch((error: unknown) => {
            if (!(error instanceof Crash)) throw error;
            killed++;
          });
          expect(viewed(await bench.view())).toEqual(expected);
        }
        await compact(bench, bench.compactor(), true);
        expect(viewed(await bench.view())).toEqual(expected);
      }),
      { numRuns: 25 },
    );
    expect(killed).toBeGreaterThan(25);
  });

  it('of two at once is harmless, be they as stale as they may', async () => {
    const expected = await clean(4);
    let retried = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 5 }), { minLength: 5, maxLength: 60 }),
        settings,
        settings,
        async (turns, one, two) => {
          const bench = await logOf(4);
          const outcomes = await interleaved(
            bench.dynamo,
            turns,
            [one, two].map(
              (limits) => (calls) => compact(bench, bench.compactor(optionsOf(limits), calls), true),
            ),
          );
          for (const outcome of outcomes) retried += outcome.retried;
          expect(viewed(await bench.view())).toEqual(expected);
          expect(await compact(bench, bench.compactor(), true)).toMatchObject({ deltas: 0, pending: 0 });
        },
      ),
      { numRuns: 25 },
    );
    expect(retried).toBeGreaterThan(0);
  });

  it('shows a reader in between whole batches, whose pages add up to their total in every window', async () => {
    const days = everyWindow.filter(({ size }) => size === 'day');
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 5 }), { minLength: 5, maxLength: 80 }),
        settings,
        fc.boolean(),
        async (turns, limits, isNewShard) => {
          // With a shard that has no entry when the reader begins, too.
          const bench = isNewShard ? createLogBench() : await logOf(2);
          const first = isNewShard ? 0 : 2;
          const appender = async (calls: DynamoCalls) => {
            const mine = bench.appender({}, calls);
            for (let n = first; n < first + 4; n++) {
              await bench.append(mine, spread(1, n));
              const compactor = bench.compactor(optionsOf(limits), calls);
              await compactor.compact((await bench.table.entry(shardKey))!, true, neverAborted());
            }
            return [];
          };
          const reader = async (calls: DynamoCalls) => {
            const views: View[] = [];
            for (let n = 0; n < 3; n++) views.push(await bench.view(days, calls));
            return views;
          };
          const views = (await interleaved(bench.dynamo, turns, [appender, reader, reader])).flat();
          for (const view of views) {
            expect(sumsByWindow(view, 'page')).toEqual(sumsByWindow(view, 'total'));
            const counted = daySums(view)['total:all'] ?? 0;
            expect(counted).toBeGreaterThanOrEqual(first);
            seen += counted > first && counted < first + 4 ? 1 : 0;
          }
        },
      ),
      { numRuns: 40 },
    );
    // The property would prove little if readers saw only the begin or the end.
    expect(seen).toBeGreaterThan(3);
  });
});

it('The calls of a compaction are one read of the log, one of a hundred items, and a put an item', async () => {
  const bench = await logOf(3);
  const { calls, made } = countedCalls(bench.dynamo);
  const { items: written } = await compact(bench, bench.compactor({}, calls), true);
  const expected: CallName[] = [
    'query',
    'batchGet',
    ...Array.from({ length: written }, () => 'put' as const),
    'update',
  ];
  expect(made).toEqual(expected);
});
