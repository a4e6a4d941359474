import type { Series } from '../../query/answers';
import { apiBench, clicksAt } from './api-bench';

const now = Date.parse('2026-03-03T12:00:30Z');
/** What a page that shows the last half hour asks for, each time. */
function livePage(at: number): string[] {
  const instant = (ms: number) => new Date(ms).toISOString();
  const range = `from=${instant(at - 1_800_000)}&to=${instant(at)}`;
  return [
    `/api/series?${range}&window=minute`,
    ...['page', 'referrer', 'element', 'device', 'type'].map((name) => `/api/top?dimension=${name}&${range}`),
    `/api/uniques?${range}`,
    `/api/uniques?unique=sessions&${range}`,
    '/api/health',
  ];
}

describe('requests that ask again', () => {
  it('read the entries and what is new of each shard, once for all panels of a page', async () => {
    const bench = apiBench({ now });
    const [first, second] = ['clicks/shardId-000000000000', 'clicks/shardId-000000000001'];
    const refresh = async (): Promise<number> => {
      bench.made.length = 0;
      const answers = await Promise.all(livePage(bench.clock.now).map((url) => bench.ask(url)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      return bench.made.length;
    };
    for (const shard of [first, second]) await bench.count(clicksAt(['2026-03-03T12:00:00Z']), { shard });
    await refresh();
    bench.clock.now += 5_000;
    for (const shard of [first, second]) await bench.count(clicksAt(['2026-03-03T12:00:32Z']), { shard });
    expect(await refresh()).toBe(3);
    // With nothing new, and within the same second.
    bench.clock.now += 5_000;
    expect(await refresh()).toBe(3);
    expect(await refresh()).toBe(0);
    // A minute later the range is another, and its items are those that are followed.
    bench.clock.now += 50_000;
    expect(await refresh()).toBe(3);
  });

  it('see what was counted meanwhile, whoever asks, and after a restart', async () => {
    const bench = apiBench({ now });
    const sums: number[] = [];
    for (let round = 0; round < 6; round++) {
      await bench.count(clicksAt(['2026-03-03T12:00:00Z']), {
        shard: `clicks/shardId-00000000000${round % 2}`,
      });
      if (round === 3) await bench.compact();
      bench.clock.now += 2_000;
      // Another range at each round: its follower begins while the others go on.
      const from = new Date(now - (round + 2) * 3_600_000).toISOString();
      const other = await bench.get<Series>(`/api/series?window=minute&from=${from}`);
      const { sum } = await bench.get<Series>('/api/series?window=minute&from=2026-03-03T11:30Z');
      expect(other.sum).toBe(sum);
      sums.push(sum);
    }
    expect(sums).toEqual([1, 2, 3, 4, 5, 6]);
    const query = new URLSearchParams({ window: 'minute', from: '2026-03-03T11:30Z' });
    const after = await bench.restarted()({ method: 'GET', path: '/api/series', query, headers: {} });
    expect(JSON.parse(after.body).sum).toBe(6);
  });

  it('go on after a failure', async () => {
    const bench = apiBench({ now });
    await bench.count(clicksAt(['2026-03-03T12:00:00Z']));
    await bench.get('/api/series');
    bench.clock.now += 5_000;
    bench.fault.error = new Error('cut');
    expect((await bench.ask('/api/series')).status).toBe(500);
    bench.fault.error = undefined;
    // At the same moment, also those that would have shared what could not be read.
    expect(await bench.get('/api/health')).toMatchObject({ lastHour: { clicks: 1 } });
    expect(await bench.get('/api/series')).toMatchObject({ sum: 1 });
  });

  it('read no window twice, however many parts a zone cuts a range into', async () => {
    const bench = apiBench({ now });
    await bench.count(clicksAt(['2026-03-01T18:29:00Z', '2026-03-01T18:30:00Z']));
    bench.made.length = 0;
    await bench.get('/api/series?window=day&zone=Asia/Kolkata&from=2026-02-26&to=2026-03-04');
    // The entries, a log, hours of all days, and the minutes of an hour of each of seven midnights.
    expect(bench.made.length).toBe(1 + 1 + 1 + 7);
  });
});
