import type { Series, Top } from '../../query/answers';
import { readAggregates, topValues } from '../../report/aggregates-reader';
import { apiBench, clicksAt } from './api-bench';

const now = Date.parse('2026-03-01T12:00:30Z');
const shown = ({ points }: Pick<Series, 'points'>) =>
  points.filter(({ count }) => count !== 0).map(({ at, count }) => `${at} ${count}`);
/** From an hour of UTC on, so many clicks, one an hour. */
const hourly = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, hour) =>
    new Date(Date.parse(from) + hour * 3_600_000 + 600_000).toISOString(),
  );

describe('a series', () => {
  it('has every window of the range, and those of the range before', async () => {
    const bench = apiBench({ now });
    await bench.count(clicksAt(['2026-03-01T10:59:59Z', '2026-03-01T11:00:00Z', '2026-03-01T11:01:10Z']));
    await bench.compact();
    await bench.count(clicksAt(['2026-03-01T11:01:50Z', '2026-03-01T11:03:00Z']));
    expect(
      await bench.get(
        '/api/series?from=2026-03-01T11:00:20Z&to=2026-03-01T11:02:10Z&window=minute&compare=previous',
      ),
    ).toEqual({
      from: '2026-03-01T11:00:00Z',
      to: '2026-03-01T11:03:00Z',
      window: 'minute',
      zone: 'UTC',
      dimension: 'total',
      points: [
        { at: '2026-03-01T11:00:00Z', count: 1 },
        { at: '2026-03-01T11:01:00Z', count: 2 },
        { at: '2026-03-01T11:02:00Z', count: 0 },
      ],
      sum: 3,
      previous: {
        from: '2026-03-01T10:57:00Z',
        points: [
          { at: '2026-03-01T10:57:00Z', count: 0 },
          { at: '2026-03-01T10:58:00Z', count: 0 },
          { at: '2026-03-01T10:59:00Z', count: 1 },
        ],
        sum: 1,
      },
    });
  });

  it('begins and ends within a window where the range does', async () => {
    const bench = apiBench({ now });
    const timestamps = [
      '2026-03-01T08:29:59Z',
      '2026-03-01T08:30:00Z',
      '2026-03-01T09:10:00Z',
      '2026-03-01T10:14:59Z',
    ];
    await bench.count(clicksAt([...timestamps, '2026-03-01T10:15:00Z', '2026-02-28T08:31:00Z']));
    const answer = await bench.get<Series>(
      '/api/series?from=2026-03-01T08:30Z&to=2026-03-01T10:15Z&window=hour&compare=2026-02-28T08:30Z',
    );
    expect(answer).toMatchObject({ from: '2026-03-01T08:30:00Z', to: '2026-03-01T10:15:00Z', sum: 3 });
    expect(shown(answer)).toEqual([
      '2026-03-01T08:30:00Z 1',
      '2026-03-01T09:00:00Z 1',
      '2026-03-01T10:00:00Z 1',
    ]);
    expect(answer.previous).toMatchObject({ from: '2026-02-28T08:30:00Z', sum: 1 });
  });

  it('has whole hours or days at its ends where no smaller windows are kept', async () => {
    const bench = apiBench({ now });
    const range = async (from: string, to: string) => {
      const answer = await bench.get<Series>(`/api/series?window=day&from=${from}&to=${to}`);
      return [answer.from, answer.to];
    };
    expect(await range('2026-02-24T10:30Z', '2026-02-28T10:30Z')).toEqual([
      '2026-02-24T10:30:00Z',
      '2026-02-28T10:30:00Z',
    ]);
    expect(await range('2026-02-20T10:30Z', '2026-02-28T10:30Z')).toEqual([
      '2026-02-20T10:00:00Z',
      '2026-02-28T10:30:00Z',
    ]);
    expect(await range('2026-01-20T10:30Z', '2026-02-20T10:30Z')).toEqual([
      '2026-01-20T00:00:00Z',
      '2026-02-20T11:00:00Z',
    ]);
  });

  it('is of one value if it is named, whatever it is called', async () => {
    const bench = apiBench({ now });
    const pages = ['/a', '__proto__', '<img src=x onerror=alert(1)>', '=1+1'];
    for (const page of pages) await bench.count(clicksAt(['2026-03-01T11:00:00Z'], page));
    for (const page of pages) {
      const query = new URLSearchParams({ dimension: 'page', value: page });
      expect(await bench.get(`/api/series?${query}`)).toMatchObject({ value: page, sum: 1 });
    }
    expect(await bench.get('/api/series?dimension=page')).toMatchObject({ sum: 4 });
    expect(await bench.get('/api/series?dimension=page&value=constructor')).toMatchObject({ sum: 0 });
  });

  it('has days of 23 and 25 hours where the clocks of the zone change', async () => {
    const bench = apiBench({ now: Date.parse('2026-03-30T12:00Z') });
    await bench.count(clicksAt(hourly('2026-03-28T22:00Z', 25)));
    const days = 'zone=Europe/Berlin&window=day&compare=previous';
    const spring = await bench.get<Series>(`/api/series?from=2026-03-29&to=2026-03-31&${days}`);
    expect(shown(spring)).toEqual(['2026-03-28T23:00:00Z 23', '2026-03-29T22:00:00Z 1']);
    expect(spring.previous).toMatchObject({ from: '2026-03-26T23:00:00Z', sum: 1 });

    const whole = await bench.get<Series>(`/api/series?from=2026-03-30&to=2026-03-31&${days}`);
    expect(shown(whole.previous!)).toEqual(['2026-03-28T23:00:00Z 23']);

    bench.clock.now = Date.parse('2026-10-26T12:00Z');
    await bench.count(clicksAt(hourly('2026-10-24T21:00Z', 27)));
    const autumn = await bench.get<Series>(`/api/series?from=2026-10-24&to=2026-10-27&${days}`);
    expect(shown(autumn)).toEqual([
      '2026-10-23T22:00:00Z 1',
      '2026-10-24T22:00:00Z 25',
      '2026-10-25T23:00:00Z 1',
    ]);
    const night = await bench.get<Series>(
      '/api/series?from=2026-10-25T00:00Z&to=2026-10-25T02:00Z&window=hour&zone=Europe/Berlin',
    );
    expect(shown(night)).toEqual(['2026-10-25T00:00:00Z 1', '2026-10-25T01:00:00Z 1']);
  });

  it('has the days of a zone that is a part of an hour from UTC', async () => {
    const bench = apiBench({ now: Date.parse('2026-03-03T00:00Z') });
    await bench.count(clicksAt(['2026-03-01T18:29:00Z', '2026-03-01T18:30:00Z', '2026-03-02T18:29:59Z']));
    const query = 'from=2026-03-01&to=2026-03-03&window=day';
    expect(shown(await bench.get(`/api/series?${query}&zone=Asia/Kolkata`))).toEqual([
      '2026-02-28T18:30:00Z 1',
      '2026-03-01T18:30:00Z 2',
    ]);
    expect(shown(await bench.get(`/api/series?${query}&zone=UTC`))).toEqual([
      '2026-03-01T00:00:00Z 2',
      '2026-03-02T00:00:00Z 1',
    ]);
  });

  it('refuses such a zone where minutes are missing, rather than to be wrong', async () => {
    const bench = apiBench({ now: Date.parse('2026-03-11T18:29:00Z') });
    // Older than minutes are counted for when it came, so that it is in its hour and its day alone.
    await bench.count(clicksAt(['2026-03-01T18:29:00Z', '2026-03-10T12:00:00Z']));
    bench.clock.now = Date.parse('2026-03-07T00:00Z');
    const days = (rest: string) => bench.ask(`/api/series?window=day&to=2026-03-07&${rest}`);
    const { status, body } = await days('from=2026-03-01&zone=Asia/Kolkata');
    expect(status).toBe(400);
    expect(JSON.parse(body).allowed).toBe('from 2026-03-01T19:00:00Z or later, or window minute');
    expect(JSON.parse((await days('from=2026-03-01&zone=UTC')).body).sum).toBe(1);
    expect((await days('from=2026-03-03&zone=Asia/Kolkata')).status).toBe(200);
  });

  it('takes windows that are kept, says from when on a range is whole, and refuses parts', async () => {
    const bench = apiBench({ now: Date.parse('2026-06-01T00:00Z') });
    // An old log, imported today: its windows are kept from today on.
    await bench.count(clicksAt(['2015-05-17T10:05:03Z', '2026-05-20T10:00:00Z']));
    const days = 'window=day&to=2026-06-01&compare=previous&from=';
    // Days that are put together of hours would be wrong.
    expect(JSON.parse((await bench.ask(`/api/series?${days}2026-05-01&zone=Europe/Berlin`)).body)).toEqual({
      error:
        'from is 2026-04-30T00:00:00Z, and the days of Europe/Berlin there are read by the hour, which is kept for 30 days',
      allowed: 'from 2026-05-02T00:00:00Z or later, window hour, or the zone UTC',
    });
    // Minutes are gone, hours are not.
    expect(
      await bench.get('/api/series?window=minute&from=2026-05-20T10:00Z&to=2026-05-20T11:00Z'),
    ).toMatchObject({
      window: 'hour',
      sum: 1,
    });
    expect(await bench.get(`/api/series?${days}2026-05-03&zone=Europe/Berlin`)).not.toHaveProperty(
      'previous',
    );
    const recent = await bench.get(`/api/series?${days}2026-05-01&zone=UTC`);
    expect(recent).toHaveProperty('previous');
    expect(recent).not.toHaveProperty('keptFrom');
    for (const path of ['series?dimension=page', 'top?dimension=page']) {
      const old = await bench.get(`/api/${path}&from=2015-05-17&to=2015-05-18`);
      expect(old).toMatchObject({ sum: 1, keptFrom: expect.any(String) });
    }
  });
});

describe('a top', () => {
  it('adds up to the series of the range, and to the report of it', async () => {
    const bench = apiBench({ now });
    const timestamps = hourly('2026-02-26T00:00Z', 84).filter((_, index) => index % 5 !== 2);
    for (const [index, timestamp] of timestamps.entries()) {
      await bench.count(clicksAt([timestamp], `/page-${(index * index) % 7}`));
      if (index % 20 === 0) await bench.compact();
    }
    for (const [from, to] of [
      ['2026-02-26T07:00:00Z', '2026-03-01T05:00:00Z'],
      ['2026-02-27T00:00:00Z', '2026-02-28T00:00:00Z'],
      ['2026-03-01T03:08:00Z', '2026-03-01T08:12:00Z'],
    ] as const) {
      const top = await bench.get<Top>(`/api/top?dimension=page&from=${from}&to=${to}`);
      const series = await bench.get<Series>(`/api/series?dimension=page&from=${from}&to=${to}`);
      const range = { from: Date.parse(from), to: Date.parse(to) };
      const report = await readAggregates(
        { dimension: 'page', window: 'minute', ...range },
        { table: bench.table, now: () => now },
      );
      const expected = topValues(report, 10).map(({ value, count }) => ({ value, count }));
      expect(expected.length).toBeGreaterThan(3);
      expect({ rows: top.rows, sum: top.sum }).toEqual({ rows: expected, sum: series.sum });
      expect([top.from, top.to]).toEqual([from, to]);
    }
  });

  it('is searched, cut and compared', async () => {
    const bench = apiBench({ now });
    await bench.count(clicksAt(['2026-02-28T11:10:00Z'], '/shop/B'));
    await bench.count(clicksAt(['2026-03-01T11:10:00Z', '2026-03-01T11:11:00Z'], '/shop/b'));
    await bench.count(clicksAt(['2026-03-01T11:10:00Z'], '/shop/B'));
    await bench.count(clicksAt(['2026-03-01T11:10:00Z'], '/blog'));
    const query = 'from=2026-03-01&to=2026-03-02&compare=previous';
    expect(await bench.get(`/api/top?${query}&search=Shop&limit=1`)).toMatchObject({
      rows: [{ value: '/shop/b', count: 2, previous: 0 }],
      values: 2,
      sum: 4,
    });
    expect(await bench.get(`/api/top?${query}&search=/B`)).toMatchObject({
      rows: [
        { value: '/shop/b', count: 2, previous: 0 },
        { value: '/blog', count: 1, previous: 0 },
        { value: '/shop/B', count: 1, previous: 1 },
      ],
    });
  });

  it('is CSV on demand, in which no cell is a formula', async () => {
    const bench = apiBench({ now });
    await bench.count(clicksAt(['2026-03-01T11:10:00Z', '2026-03-01T11:11:00Z'], '=HYPERLINK("http://x")'));
    await bench.count(clicksAt(['2026-03-01T11:10:00Z'], '/a'));
    const { headers, body } = await bench.ask('/api/top?format=csv');
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="top.csv"',
    });
    expect(body).toBe('dimension,value,count\r\npage,"\'=HYPERLINK(""http://x"")",2\r\npage,/a,1\r\n');
    const series = await bench.ask(
      '/api/series?format=csv&from=2026-03-01T11:10Z&to=2026-03-01T11:12Z&dimension=page&value=/a',
    );
    expect(series.body).toBe(
      'dimension,value,window,count\r\npage,/a,2026-03-01T11:10:00Z,1\r\npage,/a,2026-03-01T11:11:00Z,0\r\n',
    );
  });
});
