import fc from 'fast-check';
import { defaultSite } from '../../../producer/traffic/default-site';
import { readSite } from '../../../producer/traffic/read-site';

const page = { path: '/' };

function problems(model: unknown): readonly string[] {
  const reading = readSite(model);
  return reading.ok ? [] : reading.problems;
}

describe('a site model', () => {
  it('needs nothing but a page; all else is as in the built-in site', () => {
    expect(readSite({ pages: [page] })).toEqual({
      ok: true,
      site: {
        ...defaultSite,
        pages: [{ path: '/', title: undefined, weight: 1, count: 1, elements: [], links: {} }],
      },
    });
  });

  it('is read whole', () => {
    const model = {
      origin: 'https://shop.example',
      eventsPerSecond: 12.5,
      sessions: {
        atOnce: 7,
        meanEvents: 3,
        clickShare: 0.1,
        returningShare: 0.2,
        directShare: 0.3,
        campaignShare: 0,
      },
      pages: [
        { path: '/', title: 'Home', weight: 5, count: 1, elements: ['logo'], links: { '/p/{n}': 2 } },
        { path: '/p/{n}', title: 'P', weight: 4, count: 9, elements: [], links: {} },
      ],
      devices: [{ userAgent: 'A/1', weight: 2, bot: true }],
      referrers: [{ url: 'https://r.example/', weight: 6 }],
      campaigns: ['c'],
      diurnal: Array.from({ length: 24 }, (_, hour) => hour),
      bursts: [{ at: '20:15', minutes: 10, factor: 8, page: '/p/{n}' }],
    };

    expect(readSite(model)).toEqual({ ok: true, site: model });
    expect(readSite(JSON.parse(JSON.stringify(defaultSite)))).toEqual({ ok: true, site: defaultSite });
  });

  it.each<[unknown, string]>([
    [null, 'the model is null; allowed: an object'],
    [[], 'the model is []; allowed: an object'],
    [{}, 'pages is missing; allowed: a list that is not empty'],
    [{ pages: [] }, 'pages is []; allowed: a list that is not empty'],
    [{ pages: [{}] }, 'pages[0].path is missing; allowed: a text that is not empty'],
    [{ pages: [page], page: 1 }, 'page is not known; allowed: origin, eventsPerSecond, sessions, pages'],
    [{ pages: [{ ...page, wieght: 1 }] }, 'pages[0].wieght is not known; allowed: path, title, weight'],
    [{ pages: [{ path: 'home' }] }, 'pages[0].path is "home"; allowed: a path that begins with /'],
    [
      { pages: [{ path: '/p', count: 2 }] },
      'pages[0].path is "/p"; allowed: a path with {n} if there is a count',
    ],
    [{ pages: [{ path: '/{n}' }] }, 'pages[0].path is "/{n}"; allowed: a path with {n} if there is a count'],
    [{ pages: [page, page] }, 'pages[1].path is "/"; allowed: a path that no other page has'],
    [{ pages: [{ ...page, weight: 0 }] }, 'pages[0].weight is 0; allowed: a number above 0, up to 1000000'],
    [
      { pages: [{ ...page, elements: [''] }] },
      'pages[0].elements[0] is ""; allowed: a text that is not empty',
    ],
    [
      { pages: [{ ...page, links: { '/x': 1 } }] },
      'pages[0].links is "/x"; allowed: the path of one of the pages',
    ],
    [{ pages: [{ ...page, links: { '/': '1' } }] }, 'pages[0].links["/"] is "1"; allowed: a number above 0'],
    [
      {
        pages: [
          { path: '/{n}', count: 60_000 },
          { path: '/x/{n}', count: 60_000 },
        ],
      },
      'pages is 120000; allowed: at most 100000 pages, counts included',
    ],
    [
      { pages: [page], eventsPerSecond: '5' },
      'eventsPerSecond is "5"; allowed: a number above 0, up to 1000000',
    ],
    [
      { pages: [page], sessions: { meanEvents: 0.5 } },
      'sessions.meanEvents is 0.5; allowed: a number from 1',
    ],
    [
      { pages: [page], sessions: { clickShare: 40 } },
      'sessions.clickShare is 40; allowed: a number from 0, up to 1',
    ],
    [{ pages: [page], sessions: { atOnce: 1.5 } }, 'sessions.atOnce is 1.5; allowed: a whole number from 1'],
    [
      { pages: [page], devices: [{ userAgent: 'A', bot: 'no' }] },
      'devices[0].bot is "no"; allowed: true or false',
    ],
    [{ pages: [page], referrers: [{ url: 7 }] }, 'referrers[0].url is 7; allowed: a text that is not empty'],
    [{ pages: [page], campaigns: 'c' }, 'campaigns is "c"; allowed: a list'],
    [{ pages: [page], diurnal: [1, 2] }, 'diurnal is [1,2]; allowed: 24 numbers'],
    [{ pages: [page], diurnal: new Array(24).fill(0) }, 'not all of them 0'],
    [{ pages: [page], diurnal: new Array(24).fill(-1) }, 'diurnal[0] is -1; allowed: a number from 0'],
    [
      { pages: [page], bursts: [{ at: '24:00', minutes: 1, factor: 2 }] },
      'bursts[0].at is "24:00"; allowed: a time of day from 00:00 to 23:59, in UTC',
    ],
    [
      { pages: [page], bursts: [{ at: '10:00', minutes: 0, factor: 2 }] },
      'bursts[0].minutes is 0; allowed: a whole number from 1, up to 1440',
    ],
    [
      { pages: [page], bursts: [{ at: '10:00', minutes: 5, factor: 2, page: '/x' }] },
      'bursts[0].page is "/x"; allowed: the path of one of the pages',
    ],
  ])('%j is refused by name', (model, problem) => {
    expect(problems(model).join('\n')).toContain(problem);
  });

  it('names all that is wrong at once', () => {
    expect(problems({ origin: 1, pages: [{ path: 'x', weight: -1 }] })).toHaveLength(3);
  });

  it('is read or refused, and no exception, whatever JSON it is', () => {
    const names = fc.constantFrom(...Object.keys(defaultSite), 'path', 'at');
    const model = fc.dictionary(names, fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), model), (value) => {
        const reading = readSite(value);
        if (!reading.ok) expect(reading.problems.length).toBeGreaterThan(0);
      }),
    );
  });
});
