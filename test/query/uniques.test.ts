import type { Uniques } from '../../query/answers';
import { apiBench, clicksAt } from './api-bench';

const now = Date.parse('2026-03-03T12:00:30Z');
const visits = (visitors: readonly string[], timestamp: string, page = '/') =>
  visitors.map((visitorId) => ({ visitorId, sessionId: `${visitorId} at ${timestamp}`, timestamp, page }));
const seen = ({ points }: Uniques) =>
  points.filter(({ count }) => count !== 0).map(({ at, count }) => `${at} ${count}`);

describe('distinct visitors', () => {
  it('count once in a range, however many of its windows they are in', async () => {
    const bench = apiBench({ now });
    await bench.count(visits(['a', 'b'], '2026-03-01T10:20:00Z'));
    await bench.compact();
    await bench.count(visits(['b', 'c', 'd'], '2026-03-02T11:40:00Z'));
    const answer = await bench.get<Uniques>(
      '/api/uniques?from=2026-03-02&to=2026-03-03&window=day&compare=previous',
    );
    expect(answer).toEqual({
      from: '2026-03-02T00:00:00Z',
      to: '2026-03-03T00:00:00Z',
      window: 'day',
      zone: 'UTC',
      unique: 'visitors',
      scope: 'total',
      estimate: { count: 3, standardError: 0.01623 },
      previous: { count: 2, standardError: 0.01623 },
      points: [{ at: '2026-03-02T00:00:00Z', count: 3 }],
    });
    const both = await bench.get<Uniques>('/api/uniques?from=2026-03-01&to=2026-03-03');
    expect([both.window, both.estimate?.count, seen(both)]).toEqual([
      'hour',
      4,
      ['2026-03-01T10:00:00Z 2', '2026-03-02T11:00:00Z 3'],
    ]);
    expect(await bench.get('/api/uniques?unique=sessions&from=2026-03-01&to=2026-03-03')).toMatchObject({
      estimate: { count: 5 },
    });
  });

  it('are those of whole hours of UTC, and the answer says of which', async () => {
    const bench = apiBench({ now });
    await bench.count(visits(['a'], '2026-03-03T10:59:00Z'));
    await bench.count(visits(['b'], '2026-03-03T11:31:00Z'));
    expect(await bench.get('/api/uniques?from=2026-03-03T11:30Z&to=2026-03-03T11:45Z')).toMatchObject({
      from: '2026-03-03T11:00:00Z',
      to: '2026-03-03T12:00:00Z',
      window: 'hour',
      estimate: { count: 1 },
    });
    const india = await bench.get<Uniques>(
      '/api/uniques?from=2026-03-02&to=2026-03-04&window=day&zone=Asia/Kolkata',
    );
    expect(india).toMatchObject({ from: '2026-03-01T18:00:00Z', to: '2026-03-03T19:00:00Z', window: 'hour' });
    expect(seen(india)).toEqual(['2026-03-03T10:00:00Z 1', '2026-03-03T11:00:00Z 1']);
  });

  it('have the days of a zone', async () => {
    const bench = apiBench({ now });
    await bench.count(clicksAt(['2026-03-01T22:30:00Z', '2026-03-01T23:30:00Z', '2026-03-02T10:30:00Z']));
    const answer = await bench.get<Uniques>(
      '/api/uniques?from=2026-03-01&to=2026-03-03&window=day&zone=Europe/Berlin',
    );
    expect(seen(answer)).toEqual(['2026-02-28T23:00:00Z 1', '2026-03-01T23:00:00Z 2']);
  });

  it('are also those of a page', async () => {
    const bench = apiBench({ now });
    await bench.count(visits(['a', 'b'], '2026-03-03T10:00:00Z', '/x'));
    await bench.count(visits(['b', 'c', 'd'], '2026-03-03T10:00:00Z', '/y?<b>'));
    const of = (page: string) => bench.get(`/api/uniques?scope=page&value=${encodeURIComponent(page)}`);
    expect(await of('/y?<b>')).toMatchObject({ scope: 'page', estimate: { count: 3 } });
    expect(await of('/none')).toMatchObject({ estimate: { count: 0 } });
  });

  it('have no estimate where the setting counts none', async () => {
    const bench = apiBench({ now, uniqueVisitors: 'off' });
    await bench.count(visits(['a'], '2026-03-03T10:00:00Z'));
    const answer = await bench.get('/api/uniques');
    expect(answer).toMatchObject({ points: [] });
    expect(answer).not.toHaveProperty('estimate');
  });

  it('have no estimate for a page that had no room for a sketch of its own', async () => {
    const bench = apiBench({ now });
    const pages = Array.from({ length: 5_000 }, (_, index) => `/page-${index}`);
    await bench.count(pages.flatMap((page) => visits(['a'], '2026-03-03T10:00:00Z', page)));
    const answer = await bench.get<Uniques>('/api/uniques?scope=page&value=/page-4999');
    expect([answer.estimate, answer.points]).toEqual([undefined, []]);
    expect(await bench.get('/api/uniques?scope=page&value=/page-0')).toMatchObject({
      estimate: { count: 1 },
    });
  });
});
