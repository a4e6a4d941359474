import fc from 'fast-check';
import { findAnomalies, type SiteHours } from '../../../domain/anomalies/findings';
import { changed, siteHours } from '../../support/hour-counts';

const from = 5 * 168 + 24 + 8;
const hours = 3;
const end = from + hours;

/** A site of two types and three pages, up to the hour that is judged. */
function siteOf(change: Partial<Record<'all' | '/home' | '/buy' | 'click', (count: number) => number>> = {}) {
  const part = (seed: string, scale: number, own?: (count: number) => number) => {
    const usual = siteHours(seed, 6, scale).slice(0, end);
    const both = own ? changed(usual, from, hours, own) : usual;
    return change.all ? changed(both, from, hours, change.all) : both;
  };
  const pages = new Map([
    ['/buy', part('buy', 120, change['/buy'])],
    ['/home', part('home', 300, change['/home'])],
    ['/news', part('news', 200)],
  ]);
  const total = siteHours('', 6, 0)
    .slice(0, end)
    .map((_, hour) => [...pages.values()].reduce((sum, counts) => sum + counts[hour]!, 0));
  const clicks = part('click', 90, change.click);
  const types = new Map([
    ['click', clicks],
    ['page_view', total.map((count, hour) => Math.max(count - clicks[hour]!, 0))],
  ]);
  return { total, types, pages };
}

const said = (site: SiteHours) =>
  findAnomalies(site, from).map(({ subject, value, kind, isOpen }) => [subject, value, kind, isOpen]);

describe('what is unusual on a site', () => {
  it('is nothing on usual days', () => {
    expect(said(siteOf())).toEqual([]);
  });

  it('is one thing, and not each page, when the whole site stops', () => {
    expect(said(siteOf({ all: () => 0 }))).toEqual([['total', 'all', 'low', true]]);
  });

  it('is a page that is gone while the site goes on', () => {
    expect(said(siteOf({ '/buy': () => 0 }))).toEqual([['page', '/buy', 'gone', true]]);
  });

  it('is a page of which a part is left, as low, and not as gone', () => {
    expect(said(siteOf({ '/home': (count) => 0.3 * count }))).toContainEqual(['page', '/home', 'low', true]);
  });

  it('is a type that is gone', () => {
    expect(said(siteOf({ click: () => 0 }))).toContainEqual(['type', 'click', 'gone', true]);
  });

  it('is a page that rises against a site that falls', () => {
    const found = said(siteOf({ all: (count) => 0.1 * count, '/buy': (count) => 60 * count }));
    expect(found).toContainEqual(['page', '/buy', 'high', true]);
  });

  it('is a burst when one visitor makes the clicks of half the site, and none when so many visitors come', () => {
    const { total, types, pages } = siteOf();
    const visitors = total.map((count) => Math.round(count / 4));
    const double = changed(total, from, hours, (count) => 2 * count);
    const scraped = {
      total: double,
      types,
      pages,
      visitors: changed(visitors, from, hours, (count) => count + 1),
    };
    expect(said(scraped)).toContainEqual(['visitor', 'all', 'burst', true]);
    const crowd = { ...scraped, visitors: changed(visitors, from, hours, (count) => 2 * count) };
    expect(said(crowd)).toEqual([['total', 'all', 'high', true]]);
  });

  it('is over when three usual hours have followed', () => {
    const isOpenAfter = (usual: number) => {
      const whole = siteHours('over', 6, 400);
      const total = changed(whole, from, hours, () => 0).slice(0, end + usual);
      return findAnomalies({ total, types: new Map(), pages: new Map() }, from).map(({ isOpen }) => isOpen);
    };
    expect([isOpenAfter(2), isOpenAfter(3)]).toEqual([[true], [false]]);
  });

  it('is not that a page is new, however often it is visited', () => {
    const { total, types, pages } = siteOf();
    const fresh = total.map((_, hour) => (hour >= from ? 500 : 0));
    expect(said({ total, types, pages: new Map([...pages, ['/launch', fresh]]) })).toEqual([]);
  });

  it('does not depend on the order of types and pages', () => {
    const site = siteOf({ '/buy': () => 0, '/home': (count) => 4 * count, click: () => 0 });
    const expected = findAnomalies(site, from);
    expect(expected.length).toBeGreaterThan(2);
    fc.assert(
      fc.property(fc.shuffledSubarray([...site.pages], { minLength: 3 }), fc.boolean(), (pages, reversed) => {
        const types = new Map(reversed ? [...site.types].reverse() : site.types);
        expect(findAnomalies({ ...site, types, pages: new Map(pages) }, from)).toEqual(expected);
      }),
      { numRuns: 6 },
    );
  });
});
