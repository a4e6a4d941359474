import type { Health } from '../../query/answers';
import { apiBench, clicksAt } from './api-bench';

const now = Date.parse('2026-03-03T12:00:30Z');
const secondShard = 'clicks/shardId-000000000001';

describe('the health of the pipeline', () => {
  it('has the sums of the last hour, and what is known beside the table', async () => {
    const alarm = {
      name: 'counting-late',
      state: 'ALARM',
      since: '2026-03-03T11:00:00Z',
      description: 'Counting is late.',
      threshold: 60_000,
      runbook: 'docs/operations.md#late',
    } as const;
    const bench = apiBench({
      now,
      health: async () => ({
        lagMs: { counting: 7, archive: 9_000 },
        lagAt: '2026-03-03T11:58:00Z',
        givenUpBatches: 2,
        alarms: [alarm],
      }),
    });
    await bench.count(clicksAt(['2026-03-03T09:30:00Z']), { arrivedAt: Date.parse('2026-03-03T09:30:10Z') });
    await bench.count([
      ...clicksAt(['2026-03-03T11:00:59Z', '2026-03-03T11:01:00Z', '2026-03-03T12:00:10Z']),
      // More than an hour old when it came; and no event at all.
      ...clicksAt(['2026-03-03T10:50:00Z', '2026-03-03T10:59:59Z', '2026-03-02T11:00:00Z']),
      // Before the day that is told of; and within it, but in time.
      ...clicksAt(['2026-03-02T10:59:59Z']),
      { timestamp: 'yesterday' },
    ]);
    expect(await bench.get('/api/health')).toEqual({
      now: '2026-03-03T12:00:30Z',
      countedUntil: '2026-03-03T12:00:30Z',
      shards: [{ shard: 'clicks/shardId-000000000000', countedUntil: '2026-03-03T12:00:30Z' }],
      lastHour: { clicks: 2, invalid: 1, duplicates: 0 },
      // Whole hours that ended an hour ago: what happened at 10:50 came at noon, which is told at 12:00 at the earliest.
      lateness: { from: '2026-03-02T11:00:00Z', to: '2026-03-03T11:00:00Z', clicks: 4, late: 3 },
      lagMs: { counting: 7, archive: 9_000 },
      lagAt: '2026-03-03T11:58:00Z',
      givenUpBatches: 2,
      alarms: [alarm],
    });
  });

  it('is counted until where the last shard is, without those that nothing comes to any more', async () => {
    const bench = apiBench({ now });
    const untilNow = async () => (await bench.get<Health>('/api/health')).countedUntil;
    expect(await untilNow()).toBeUndefined();
    bench.clock.now += 5_000;
    const [first, second] = ['2026-03-03T10:00:00Z', '2026-03-03T12:00:20Z'] as const;
    await bench.count(clicksAt([first]), { arrivedAt: Date.parse(first) });
    await bench.count(clicksAt([second]), { arrivedAt: Date.parse(second), shard: secondShard });
    expect(await untilNow()).toBe(first);

    // A compaction settles a shard that has nothing pending two days after its last batch.
    await bench.compact();
    bench.clock.now += 2 * 86_400_000 + 60_000;
    await bench.count(clicksAt(['2026-03-05T12:00:00Z']), { shard: secondShard });
    await bench.compact();
    bench.clock.now += 5_000;
    const entries = await bench.table.entries();
    expect(entries.map(({ isSettled }) => isSettled)).toEqual([true, false]);
    expect(await untilNow()).toBe('2026-03-05T12:01:35Z');
  });
});
