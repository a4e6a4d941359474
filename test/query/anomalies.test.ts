import { windowMs } from '../../domain/counters/window';
import type { Anomalies } from '../../query/answers';
import { changed, siteHours } from '../support/hour-counts';
import { apiBench } from './api-bench';

const weeks = 3;
const begin = Date.parse('2026-03-02T00:00:00Z');
const end = begin + weeks * 7 * windowMs.day;
const usual = siteHours('marks', weeks, 40);
/** In its last day: nothing from 09:00 to 11:00. */
const counts = changed(usual, weeks * 168 - 15, 2, () => 0);

describe('GET /api/anomalies', () => {
  const bench = apiBench({ now: end + 12 * windowMs.minute, uniqueVisitors: 'off' });
  beforeAll(async () => {
    for (let day = 0; day < weeks * 7; day++) {
      const events = counts.slice(day * 24, day * 24 + 24).flatMap((clicks, hour) =>
        Array.from({ length: clicks }, (_, click) => ({
          timestamp: new Date(begin + (day * 24 + hour) * windowMs.hour + click * 1_000).toISOString(),
        })),
      );
      await bench.count(events, { arrivedAt: end + 11 * windowMs.minute });
    }
    await bench.compact();
  });

  it('says which hours were unlike those of the weeks before, and how far it has looked', async () => {
    const answer = await bench.get<Anomalies>('/api/anomalies?from=2026-03-22&to=2026-03-23');
    expect(answer).toEqual({
      from: '2026-03-22T00:00:00Z',
      to: '2026-03-23T00:00:00Z',
      judgedUntil: '2026-03-23T00:00:00Z',
      anomalies: [
        {
          ...{ subject: 'total', value: 'all', kind: 'low' },
          ...{ from: '2026-03-22T09:00:00Z', to: '2026-03-22T11:00:00Z' },
          ...{ count: 0, expected: expect.any(Number), score: expect.any(Number), isOpen: false },
        },
      ],
    });
    const [{ expected, score }] = answer.anomalies as [Anomalies['anomalies'][number]];
    const lost = usual.slice(weeks * 168 - 15, weeks * 168 - 13).reduce((sum, clicks) => sum + clicks, 0);
    expect(Math.abs(expected - lost)).toBeLessThan(0.5 * lost);
    expect(score).toBeLessThan(-3);
  });

  it('widens a range to whole hours, and takes dates of a zone', async () => {
    const answer = await bench.get<Anomalies>('/api/anomalies?from=2026-03-22T09:40Z&to=2026-03-22T10:10Z');
    expect([answer.from, answer.to]).toEqual(['2026-03-22T09:00:00Z', '2026-03-22T11:00:00Z']);
    expect(answer.anomalies).toHaveLength(1);
    const berlin = await bench.get<Anomalies>(
      '/api/anomalies?from=2026-03-22&to=2026-03-23&zone=Europe/Berlin',
    );
    expect(berlin.from).toBe('2026-03-21T23:00:00Z');
  });

  it('has none of hours to come, nor of a table that is empty', async () => {
    const future = await bench.get<Anomalies>('/api/anomalies?from=2026-03-23&to=2026-03-24');
    expect(future).toMatchObject({ judgedUntil: '2026-03-23T00:00:00Z', anomalies: [] });
    expect(await apiBench({ now: end }).get('/api/anomalies?from=2026-03-22&to=2026-03-23')).toEqual({
      from: '2026-03-22T00:00:00Z',
      to: '2026-03-23T00:00:00Z',
      anomalies: [],
    });
  });

  it('refuses more than a month', async () => {
    const { status, body } = await bench.ask('/api/anomalies?from=2026-02-01&to=2026-03-23');
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ allowed: 'at most 31 days' });
  });
});
