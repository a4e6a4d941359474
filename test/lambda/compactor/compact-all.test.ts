import { compactAll } from '../../../lambda/compactor/compact-all';
import { reportCompaction } from '../../../lambda/compactor/report';
import type { Compacted, Compactor } from '../../../table/compact';
import { clickJson } from '../../support/click-factory';
import { createLogBench, daySums, type LogBench } from '../../support/log-bench';
import { neverAborted } from '../../support/never-aborted';
import { shardRecords } from '../../support/shard-records';

const signal = neverAborted();
const shards = Array.from({ length: 7 }, (_, number) => `clicks/shardId-00000000000${number}`);

async function benchOf(names: readonly string[] = shards): Promise<LogBench> {
  const bench = createLogBench();
  const appender = bench.appender();
  for (const [index, name] of names.entries()) {
    const records = shardRecords(Array.from({ length: index + 1 }, () => clickJson()));
    await appender.append(name, records, signal);
  }
  return bench;
}

const nothing: Compacted = { deltas: 0, items: 0, retried: 0, pending: 0, oldestPendingMs: 0, hasGap: false };

describe('A compaction of all shards', () => {
  it('takes each of them, and adds up what it has done', async () => {
    const bench = await benchOf();
    expect(await compactAll(bench.table, bench.compactor(), true, signal)).toMatchObject({
      shards: 7,
      deltas: 7,
      pending: 0,
      shardsWithGap: [],
      failedByError: new Map(),
    });
    expect((await bench.table.entries()).every(({ compactedAt }) => compactedAt === bench.clock.now)).toBe(
      true,
    );
    expect(daySums(await bench.view())).toMatchObject({ 'total:all': 28 });
  });

  it('lets no shard that fails keep the others from it', async () => {
    const bench = await benchOf();
    const real = bench.compactor();
    const compactor: Compactor = {
      compact: async (entry, ...rest) => {
        if (entry.shardKey === shards[1])
          throw Object.assign(new Error('secret'), { name: 'ThrottlingException' });
        if (entry.shardKey === shards[3]) return { ...nothing, hasGap: true };
        return real.compact(entry, ...rest);
      },
    };
    const all = await compactAll(bench.table, compactor, true, signal);
    expect(all).toMatchObject({ deltas: 5, shardsWithGap: [shards[3]] });
    expect([...all.failedByError]).toEqual([['ThrottlingException', 1]]);
  });

  it('tells the oldest delta that is pending anywhere', async () => {
    const bench = await benchOf(shards.slice(0, 3));
    const ages = [3_000, 9_000, 6_000];
    const compactor: Compactor = {
      compact: async ({ shardKey }) => ({
        ...nothing,
        pending: 2,
        oldestPendingMs: ages[shards.indexOf(shardKey)]!,
      }),
    };
    expect(await compactAll(bench.table, compactor, false, signal)).toMatchObject({
      pending: 6,
      oldestPendingMs: 9_000,
    });
  });

  it('begins with the shards that were compacted longest ago, where the time does not suffice for all', async () => {
    const bench = await benchOf();
    for (const [index, name] of shards.entries()) {
      if (index === 5) continue;
      const at = 1_000 * (index === 6 ? 1 : index + 2);
      await bench.table.moveCompacted(name, { place: `001:${index + 1}:0000000`, countedUntil: 1, at });
    }
    const order: string[] = [];
    const compactor: Compactor = {
      compact: async ({ shardKey }) => {
        order.push(shardKey);
        return nothing;
      },
    };
    await compactAll(bench.table, compactor, false, signal);
    expect(order).toEqual([5, 6, 0, 1, 2, 3, 4].map((index) => shards[index]));
  });

  it('begins no shard once its time is over', async () => {
    const bench = await benchOf();
    const controller = new AbortController();
    let compacted = 0;
    const compactor: Compactor = {
      compact: async () => {
        if (++compacted === 4) controller.abort();
        return nothing;
      },
    };
    await compactAll(bench.table, compactor, false, controller.signal);
    expect(compacted).toBe(4);
  });
});

describe('The report of a compaction', () => {
  const compacted = {
    ...nothing,
    shards: 9,
    deltas: 2,
    items: 30,
    retried: 1,
    pending: 4,
    oldestPendingMs: 61_499,
  };

  function reported(overrides: Partial<Parameters<typeof reportCompaction>[0]> = {}): unknown[] {
    const lines: unknown[] = [];
    const { hasGap, ...rest } = compacted;
    reportCompaction(
      { ...rest, shardsWithGap: [], failedByError: new Map(), ...overrides },
      { read: 12.5, write: 33.4 },
      (...line) => lines.push(line),
    );
    return lines;
  }

  it('is a line, and the metrics that alarms look at', () => {
    expect(reported()).toEqual([
      [
        'INFO',
        'logs compacted',
        {
          shards: 9,
          deltas: 2,
          items: 30,
          retried: 1,
          pending: 4,
          oldestPendingMs: 61_499,
          readUnits: 12.5,
          writeUnits: 33.4,
        },
        { OldestPendingSeconds: 61, LogGaps: 0, ShardsNotCompacted: 0 },
      ],
    ]);
  });

  it('warns of gaps and of shards that failed', () => {
    const failedByError = new Map([
      ['ThrottlingException', 2],
      ['TimeoutError', 3],
    ]);
    expect(reported({ shardsWithGap: ['clicks/shardId-000000000006'], failedByError })).toMatchObject([
      [
        'WARN',
        'logs compacted in part',
        {
          shardsWithGap: ['clicks/shardId-000000000006'],
          failedByError: { ThrottlingException: 2, TimeoutError: 3 },
        },
        { LogGaps: 1, ShardsNotCompacted: 5 },
      ],
    ]);
  });
});
