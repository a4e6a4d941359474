import fc from 'fast-check';
import { windowSizes } from '../../domain/counters/window';
import { logTable } from '../../table/log-table';
import { createFollower, type WindowQuery } from '../../table/view';
import { clickJson } from '../support/click-factory';
import { countedCalls, interceptedCalls } from '../support/intercepted-calls';
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

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const signal = neverAborted();
const pages = ['/', '/a', '/b', '__proto__', 'x:y'];
const clicks = (number: number, from = 0) =>
  shardRecords(
    Array.from({ length: number }, (_, i) => {
      const age = ((from + i) % 3) * 3_000_000;
      return clickJson({ page: pages[(from + i) % 5]!, timestamp: new Date(arrival - age).toISOString() });
    }),
    from,
  );
const portsOf = (bench: LogBench) => ({ table: bench.table, now: () => bench.clock.now });

/** A full read, of whose queries those from one on wait for something to happen. */
function viewWhile(bench: LogBench, from: number, happens: () => Promise<void>) {
  let queries = 0;
  let happened: Promise<void> | undefined;
  const calls = interceptedCalls(bench.dynamo, async (name, _input, act) => {
    if (name === 'query' && ++queries >= from) {
      happened ??= happens();
      await happened;
    }
    return act();
  });
  return bench.view(everyWindow, calls);
}

describe('A view', () => {
  it('has what is in the items and what is pending behind them', async () => {
    const bench = createLogBench();
    const appender = bench.appender();
    await bench.append(appender, clicks(3));
    await bench.compactAll();
    await bench.append(appender, clicks(2, 3));
    const view = await bench.view();
    expect(daySums(view)).toMatchObject({
      'total:all': 5,
      'page:/': 1,
      'page:/a': 1,
      'page:__proto__': 1,
      'page:x:y': 1,
    });
    expect(view.shards).toEqual([{ shardKey, tail: view.shards[0]!.tail, countedUntil: arrival + 4_000 }]);
    await bench.compactAll();
    expect(viewed(await bench.view())).toEqual(viewed(view));
  });

  it('has the windows that are asked for, from the first to the last, which is left out', async () => {
    const bench = createLogBench();
    await bench.append(bench.appender(), clicks(6));
    const from = arrival - 3_000_000;
    const windows = async (query: Partial<WindowQuery>) => {
      const queries = [{ group: 'summary', buckets: 1, size: 'minute' as const, ...query }];
      return (await bench.view(queries)).items.map(({ start }) => start).sort();
    };
    const all = [arrival - 6_000_000, from, arrival];
    for (const compacts of [false, true]) {
      if (compacts) await bench.compactAll();
      expect(await windows({})).toEqual(all);
      expect(await windows({ from })).toEqual(all.slice(1));
      expect(await windows({ to: arrival })).toEqual(all.slice(0, 2));
      expect(await windows({ from: from + 1, to: arrival + 1 })).toEqual([arrival]);
      expect(await windows({ size: 'hour' })).toEqual([
        Date.parse('2026-03-01T08:00:00Z'),
        Date.parse('2026-03-01T09:00:00Z'),
        arrival,
      ]);
      expect(await windows({ group: 'element' })).toEqual([]);
    }
  });

  it('reads the log again when an item was compacted meanwhile, and adds up', async () => {
    const bench = createLogBench();
    const appender = bench.appender();
    await bench.append(appender, clicks(5));
    await bench.compactAll();
    // Behind the entries, the log, and some of the items.
    const view = await viewWhile(bench, 40, async () => {
      await bench.append(appender, clicks(5, 5));
      await bench.compactAll();
      await bench.append(appender, clicks(1, 10));
    });
    expect(sumsByWindow(view, 'page')).toEqual(sumsByWindow(view, 'total'));
    expect(daySums(view)['total:all']).toBe(11);
  });

  it('has all of a shard whose entry and items appear while it reads', async () => {
    for (let at = 2; at < 60; at += 3) {
      const bench = createLogBench();
      const view = await viewWhile(bench, at, async () => {
        await bench.append(bench.appender(), clicks(5));
        await bench.compactAll();
      });
      expect(sumsByWindow(view, 'page')).toEqual(sumsByWindow(view, 'total'));
      expect([undefined, 5]).toContain(daySums(view)['total:all']);
    }
  });

  it('leaves out windows whose time to live is over, but no delta for its age', async () => {
    const bench = createLogBench();
    const appender = bench.appender();
    await bench.append(appender, clicks(1));
    await bench.compactAll();
    bench.clock.now = arrival + 8 * dayMs;
    const sizes = async () => [...new Set((await bench.view()).items.map(({ size }) => size))].sort();
    expect(await sizes()).toEqual([...windowSizes].filter((size) => size !== 'minute').sort());
    // A late event for the same minute counts there alone: what the table has not deleted is gone.
    await bench.append(appender, [{ ...clicks(1, 3)[0]!, arrivedAt: bench.clock.now }]);
    const minutes = (await bench.view()).items.filter(
      ({ size, group }) => size === 'minute' && group === 'summary',
    );
    expect(minutes.map(({ content }) => content.counts.get('total')?.values.get('all'))).toEqual([1]);
    bench.clock.now += 13 * dayMs;
    expect(await sizes()).toEqual([...windowSizes].sort());
  });

  it('does not read the logs of shards that are settled', async () => {
    const bench = createLogBench();
    await bench.append(bench.appender(), clicks(2));
    await bench.compactAll();
    const { calls, made } = countedCalls(bench.dynamo);
    const reads = async () => {
      made.length = 0;
      await bench.view([everyWindow[0]!], calls);
      return made.length;
    };
    // The entries, the log, and the items.
    expect(await reads()).toBe(3);
    bench.clock.now += 3 * dayMs;
    await bench.compactAll();
    expect(await reads()).toBe(2);
    expect(daySums(await bench.view())).toMatchObject({ 'total:all': 2 });
  });
});

describe('A follower', () => {
  const follow = (bench: LogBench, calls = bench.dynamo as Parameters<LogBench['view']>[1] & object) =>
    createFollower(everyWindow, { ...portsOf(bench), table: logTable(calls, 'aggregates') });

  it('shows what a full read shows, after any appends, compactions, failures and pauses', async () => {
    const action = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('append', 'append to another shard', 'correct') },
      { weight: 2, arbitrary: fc.constant('compact') },
      { weight: 1, arbitrary: fc.constantFrom('an hour', 'three days', 'fail') },
      { weight: 4, arbitrary: fc.constant('refresh') },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 25 }), async (actions) => {
        const bench = createLogBench();
        const appender = bench.appender();
        let isFailing = false;
        const calls = interceptedCalls(bench.dynamo, (name, input, act) => {
          if (isFailing && name === 'query' && !JSON.stringify(input).includes('"shards"'))
            throw new Error('cut');
          return act();
        });
        const follower = follow(bench, calls);
        const counted = { [shardKey]: 0, 'clicks/shardId-000000000001': 0 };
        for (const [number, what] of [...actions, 'refresh'].entries()) {
          if (what === 'append' || what === 'append to another shard') {
            const shard = what === 'append' ? shardKey : 'clicks/shardId-000000000001';
            const records = clicks(1 + (number % 3), counted[shard]);
            counted[shard]! += records.length;
            const arrivedAt = bench.clock.now;
            await appender.append(
              shard,
              records.map((record) => ({ ...record, arrivedAt })),
              signal,
            );
          } else if (what === 'compact') {
            for (const entry of await bench.table.entries())
              await bench.compactor().compact(entry, true, signal);
          } else if (what === 'an hour') bench.clock.now += hourMs;
          else if (what === 'three days') bench.clock.now += 3 * dayMs;
          else if (what === 'fail') {
            isFailing = true;
            await follower.refresh().catch((error: Error) => expect(error.message).toBe('cut'));
            isFailing = false;
          } else if (what === 'refresh') {
            const view = viewed(await follower.refresh());
            expect(view).toEqual(viewed(await bench.view()));
          }
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('reads the entries and what is new in the logs, and no item again', async () => {
    const bench = createLogBench();
    const appender = bench.appender();
    await bench.append(appender, clicks(4));
    await bench.compactAll();
    const { calls, made } = countedCalls(bench.dynamo);
    const follower = follow(bench, calls);
    await follower.refresh();
    for (const compacts of [false, true, false]) {
      if (compacts) await bench.compactAll();
      await bench.append(appender, clicks(1, 4 + made.length));
      made.length = 0;
      await follower.refresh();
      expect(made).toEqual(['query', 'query']);
    }
  });

  it('begins anew when a new shard has items already', async () => {
    const bench = createLogBench();
    const follower = follow(bench);
    const appender = bench.appender();
    await bench.append(appender, clicks(2));
    await follower.refresh();
    await appender.append('clicks/shardId-000000000001', clicks(3), signal);
    expect(daySums(await follower.refresh())).toMatchObject({ 'total:all': 5 });
    await appender.append('clicks/shardId-000000000002', clicks(4), signal);
    for (const entry of await bench.table.entries()) await bench.compactor().compact(entry, true, signal);
    expect(daySums(await follower.refresh())).toMatchObject({ 'total:all': 9 });
  });

  it('lets go of windows that have expired within an hour', async () => {
    const bench = createLogBench();
    const follower = follow(bench);
    const appender = bench.appender();
    await bench.append(appender, clicks(1));
    await follower.refresh();
    await bench.append(appender, clicks(1, 3));
    await follower.refresh();
    await bench.compactAll();
    bench.clock.now = arrival + 8 * dayMs;
    const sizes = new Set((await follower.refresh()).items.map(({ size }) => size));
    expect([...sizes].sort()).toEqual([...windowSizes].filter((size) => size !== 'minute').sort());
  });

  it('that slept for longer than deltas live begins anew from the items', async () => {
    const bench = createLogBench();
    const follower = follow(bench);
    const appender = bench.appender();
    await bench.append(appender, clicks(1));
    await follower.refresh();
    await bench.append(appender, clicks(1, 1));
    await bench.append(appender, clicks(1, 2));
    await bench.compactAll();
    const deltas = [];
    for await (const delta of bench.table.deltas(shardKey, '0')) deltas.push(delta);
    for (const { predecessor } of deltas.slice(0, 2)) {
      const Key = { pk: { S: `log#${shardKey}` }, sk: { S: predecessor } };
      await bench.dynamo.delete({ TableName: 'aggregates', Key });
    }
    expect(daySums(await follower.refresh())).toMatchObject({ 'total:all': 3 });
  });
});
