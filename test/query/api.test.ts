import { windowSizes } from '../../domain/counters/window';
import { apiBench, clicksAt } from './api-bench';

const now = Date.parse('2026-03-05T12:00:30Z');

describe('the API', () => {
  it('says what there is to ask for', async () => {
    const about = await apiBench({ uniqueVisitors: 'total' }).get('/api/about');
    expect(about).toMatchObject({
      pipeline: 'clicks-test',
      windows: [...windowSizes],
      uniqueVisitors: 'total',
      retentionDays: { minute: 7, hour: 30, day: 90 },
    });
  });

  it('names what there is where there is nothing', async () => {
    const { status, body } = await apiBench().ask('/api/tops');
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ allowed: expect.stringContaining('/api/top, ') });
  });

  it('takes GET and HEAD alone', async () => {
    const bench = apiBench();
    const { status, headers } = await bench.ask('/api/about', { method: 'POST' });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    const [got, head] = [await bench.ask('/api/about'), await bench.ask('/api/about', { method: 'HEAD' })];
    expect(head).toEqual({ ...got, body: '' });
  });

  it('answers 304 to whoever has the answer, and 200 when it has changed', async () => {
    const bench = apiBench({ now });
    const { headers } = await bench.ask('/api/top');
    const known = { headers: { 'if-none-match': `W/"other", ${headers.etag}` } };
    expect(await bench.ask('/api/top', known)).toMatchObject({
      status: 304,
      body: '',
      headers: { etag: headers.etag },
    });

    await bench.count(clicksAt(['2026-03-05T12:00:00Z']));
    bench.clock.now += 5_000;
    expect(await bench.ask('/api/top', known)).toMatchObject({ status: 200 });
  });

  it('lets a range be kept for five minutes a day after its end, and no other', async () => {
    const bench = apiBench({ now });
    const caching = async (to: string) =>
      (await bench.ask(`/api/series?from=2026-03-01&to=${to}`)).headers['cache-control'];
    expect(await caching('2026-03-04T12:00Z')).toBe('private, max-age=300');
    expect(await caching('2026-03-04T13:00Z')).toBe('private, no-cache');
    expect((await bench.ask('/api/health')).headers['cache-control']).toBe('private, no-cache');
  });

  it('says what to do about a table that cannot be read, and nothing of an error that nobody can help', async () => {
    const expired = new Error('secret detail');
    const bench = apiBench({
      explain: (error) => (error === expired ? 'renew them' : undefined),
    });
    bench.fault.error = expired;
    expect(await bench.ask('/api/top')).toMatchObject({ status: 503, body: '{"error":"renew them"}' });
    bench.fault.error = new Error('secret detail');
    const { status, body } = await bench.ask('/api/health');
    expect([status, body]).toEqual([500, '{"error":"the request could not be answered"}']);

    bench.fault.error = undefined;
    expect((await bench.ask('/api/top')).status).toBe(200);
  });

  it.each([
    ['/api/top?dimension=pages', 'dimension is "pages"', /^total, type, page, /],
    ['/api/top?dimesion=page', '"dimesion" is no parameter here', /^dimension, from, to, /],
    ['/api/about?x=1', '"x" is no parameter here', /^no parameters$/],
    ['/api/top?limit=0', 'limit is "0"', /^a whole number from 1 to 1000$/],
    ['/api/top?limit=1001', 'limit is "1001"', /1000/],
    ['/api/top?limit=3&limit=4', 'limit is given more than once', /^limit once$/],
    ['/api/top?search=', 'search has 0 characters', /^1 to 200 characters$/],
    ['/api/series?window=era', 'window is "era"', /^minute, hour, day/],
    ['/api/series?zone=Berlin', 'zone is "Berlin"', /Europe\/Berlin/],
    ['/api/series?from=2026-02-31', 'from is "2026-02-31"', /^a date \(2026-01-31\) or a time/],
    ['/api/series?to=1999-12-31', 'to is "1999-12-31"', /from 2000 on$/],
    ['/api/series?to=2026-03-05T12:00', 'to is "2026-03-05T12:00"', /with its zone/],
    [
      '/api/series?from=2026-03-05&to=2026-03-04',
      'from is 2026-03-05T00:00:00Z and to is 2026-03-04T00:00:00Z',
      /later/,
    ],
    [
      '/api/series?from=2026-03-01&to=2026-03-05&window=minute',
      'from 2026-03-01T00:00:00Z to 2026-03-05T00:00:00Z are 5760 windows of a minute',
      /^at most 1500 windows, or window hour or day/,
    ],
    ['/api/series?format=xml', 'format is "xml"', /^json, csv$/],
    ['/api/series?compare=next', 'compare is "next"', /^previous, or a date/],
    ['/api/series?compare=2026-03-05', 'compare is "2026-03-05"', /^previous, or a time before from$/],
    ['/api/uniques?scope=page', 'value is missing', /scope page/],
    ['/api/uniques?value=/', 'value is given with scope total', /scope page/],
    ['/api/uniques?unique=sessions&scope=page&value=/', 'scope is "page"', /^total$/],
  ])('answers %s with what is wrong and what is allowed', async (url, error, allowed) => {
    const { status, body } = await apiBench({ now }).ask(url);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({ error, allowed: expect.stringMatching(allowed) });
  });

  it('shows a hostile parameter as JSON, and not all of it', async () => {
    const { body, headers } = await apiBench().ask(
      `/api/top?dimension=${encodeURIComponent(`<script>"${'x'.repeat(500)}`)}`,
    );
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body).error).toBe(`dimension is "<script>\\"${'x'.repeat(91)}…"`);
  });
});
