import { createHash } from 'node:crypto';
import type { ClickEvent } from '../../../domain/event/click-event';
import { readRecord } from '../../../domain/event/record';
import { seededRandom, weightedPick } from '../../../domain/numbers/random';
import { createClickGenerator } from '../../../producer/traffic/click-generator';
import { defaultSite } from '../../../producer/traffic/default-site';
import { readSite } from '../../../producer/traffic/read-site';
import type { SiteModel } from '../../../producer/traffic/site-model';

const start = Date.parse('2026-05-04T10:00:00.000Z');

function clicks(seed: string, count: number, stepMs = 1000): ClickEvent[] {
  const generator = createClickGenerator(seededRandom(seed));
  return Array.from({ length: count }, (_, index) => generator.next(start + index * stepMs));
}

function clicksOf(site: Partial<SiteModel>, count: number, at = start): ClickEvent[] {
  const generator = createClickGenerator(seededRandom('of a model'), { ...defaultSite, ...site });
  return Array.from({ length: count }, () => generator.next(at));
}

function pagesOf(pages: readonly object[]): Pick<SiteModel, 'pages'> {
  const reading = readSite({ pages });
  if (!reading.ok) throw new Error(reading.problems.join());
  return { pages: reading.site.pages };
}

function countBy(events: readonly ClickEvent[], key: (event: ClickEvent) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(key(event), (counts.get(key(event)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

describe('the click generator', () => {
  const many = clicks('a site', 20_000);

  it('gives the same events for the same seed, and others for another', () => {
    expect(clicks('seed 1', 500)).toEqual(clicks('seed 1', 500));
    expect(clicks('seed 1', 500)).not.toEqual(clicks('seed 2', 500));
  });

  it('gives a seed the events that it has always had', () => {
    const hash = createHash('sha256').update(JSON.stringify(clicks('seven', 2000)));

    expect(hash.digest('hex')).toBe('6b4a0340919212cae4f682ce9d788182700d4ce83b1fd63f93270ab11e677994');
  });

  it('takes nothing but the timestamp from the time', () => {
    const withoutTime = (events: ClickEvent[]) => events.map(({ timestamp: _, ...rest }) => rest);

    expect(withoutTime(clicks('seed 3', 500, 10))).toEqual(withoutTime(clicks('seed 3', 500, 70_000)));
    expect(clicks('seed 3', 3, 70_000)[2]?.timestamp).toBe('2026-05-04T10:02:20.000Z');
  });

  it('makes valid events only', () => {
    const readings = many.map((event) => readRecord(Buffer.from(JSON.stringify(event)), start + 20_000_000));

    expect(readings.flat().filter(({ ok }) => !ok)).toEqual([]);
  });

  it('never gives an id twice, not even under another seed', () => {
    const ids = [...many, ...clicks('another site', 20_000)].map(({ eventId }) => eventId);

    expect(new Set(ids).size).toBe(40_000);
  });

  it('sees the first page about twice as often as the second, as zipf would', () => {
    const [first, second] = countBy(
      many.filter(({ type }) => type === 'page_view'),
      ({ page }) => page,
    );

    expect(first![0]).toBe('/');
    expect(first![1] / second![1]).toBeGreaterThan(1.6);
    expect(first![1] / second![1]).toBeLessThan(2.4);
  });

  it('has several visitors under way at once', () => {
    for (let i = 0; i < many.length; i += 1000) {
      expect(new Set(many.slice(i, i + 50).map(({ sessionId }) => sessionId)).size).toBeGreaterThan(10);
    }
  });

  it('walks: a session begins with a page, and later pages name the one before as referrer', () => {
    const at = new Map<string, string>();
    for (const event of many.filter(({ userAgent }) => !/bot/i.test(userAgent!))) {
      const before = at.get(event.sessionId!);
      if (event.type === 'click') expect(event.page).toBe(before);
      else if (before === undefined) expect(event.referrer ?? '').not.toContain('meadow-and-pine');
      else expect(event.referrer).toBe(`https://www.meadow-and-pine.example${before}`);
      at.set(event.sessionId!, event.page);
    }
  });

  it('has clicks on elements, and on nothing else', () => {
    const clicked = many.filter(({ type }) => type === 'click');

    expect(clicked.length / many.length).toBeGreaterThan(0.2);
    expect(clicked.length / many.length).toBeLessThan(0.5);
    expect(many.every(({ type, element }) => (type === 'click') === (element !== undefined))).toBe(true);
  });

  it('has a few bots, which do not click', () => {
    const bots = many.filter(({ userAgent }) => /bot/i.test(userAgent!));

    expect(bots.length / many.length).toBeGreaterThan(0.01);
    expect(bots.length / many.length).toBeLessThan(0.1);
    expect(bots.every(({ type }) => type === 'page_view')).toBe(true);
  });

  it('lets some visitors come back in another session', () => {
    const sessions = new Set(many.map(({ sessionId }) => sessionId)).size;
    const visitors = new Set(many.map(({ visitorId }) => visitorId)).size;

    expect(sessions).toBeGreaterThan(visitors);
  });
});

describe('a site of one’s own', () => {
  const share = (events: readonly ClickEvent[], is: (event: ClickEvent) => boolean) =>
    events.filter(is).length / events.length;

  it('is walked along its links', () => {
    const pages = pagesOf([
      { path: '/', weight: 100, links: { '/list': 1 } },
      { path: '/list', links: { '/item/{n}': 3, '/': 1 } },
      { path: '/item/{n}', count: 5 },
    ]);
    const views = clicksOf({ ...pages, devices: [{ userAgent: 'person', weight: 1, bot: false }] }, 20_000);
    const steps = countBy(
      views.filter(({ referrer }) => referrer?.startsWith(defaultSite.origin)),
      ({ page, referrer }) => `${new URL(referrer!).pathname} ${page.replace(/\d/, 'n')}`,
    );
    const from = (path: string) => Object.fromEntries(steps.filter(([step]) => step.startsWith(`${path} `)));

    expect(Object.keys(from('/'))).toEqual(['/ /list']);
    expect(Object.keys(from('/list')).sort()).toEqual(['/list /', '/list /item/n']);
    expect(from('/list')['/list /item/n']! / from('/list')['/list /']!).toBeCloseTo(3, 0);
    expect(countBy(views, ({ page }) => page)[0]?.[0]).toBe('/');
  });

  it('has numbered pages, the first of them most often', () => {
    const pages = countBy(clicksOf(pagesOf([{ path: '/p/{n}', count: 3 }]), 3000), ({ page }) => page);

    expect(pages.map(([path]) => path)).toEqual(['/p/1', '/p/2', '/p/3']);
  });

  it('has sessions of the mean length that was asked for', () => {
    for (const meanEvents of [2, 30]) {
      const events = clicksOf({ sessions: { ...defaultSite.sessions, meanEvents } }, 30_000);
      const sessions = new Set(events.map(({ sessionId }) => sessionId)).size;

      expect(events.length / sessions / meanEvents).toBeCloseTo(1, 0);
    }
  });

  it('has devices by their weights, and no titles, clicks or campaigns where there are none', () => {
    const events = clicksOf(
      {
        ...pagesOf([{ path: '/' }]),
        sessions: { ...defaultSite.sessions, returningShare: 0 },
        devices: [
          { userAgent: 'often', weight: 3, bot: false },
          { userAgent: 'seldom', weight: 1, bot: false },
        ],
        referrers: [],
        campaigns: [],
      },
      20_000,
    );

    expect(share(events, ({ userAgent }) => userAgent === 'seldom')).toBeCloseTo(0.25, 1);
    expect(events.some((event) => 'title' in event || 'element' in event || 'campaign' in event)).toBe(false);
    expect(events.every(({ referrer = '' }) => /^(https:\/\/www\.meadow.*)?$/.test(referrer))).toBe(true);
  });

  it('may be visited by bots alone', () => {
    const events = clicksOf({ devices: [{ userAgent: 'bot', weight: 1, bot: true }] }, 200);

    expect(events.every(({ type, referrer }) => type === 'page_view' && referrer === undefined)).toBe(true);
  });

  it('has its sessions begin on the page of a burst, while it lasts', () => {
    const site = { bursts: [{ at: '10:00', minutes: 5, factor: 9, page: '/cart' }] };
    const toCart = (at: number) => share(clicksOf(site, 5000, at), ({ page }) => page === '/cart');

    expect(toCart(start)).toBeGreaterThan(3 * toCart(start + 5 * 60_000));
  });
});

describe('a weighted pick', () => {
  it('picks by weight, and nothing from nothing', () => {
    const random = seededRandom('weights');
    const pick = weightedPick([0, 3, 1], (weight) => weight)!;
    const picked = Array.from({ length: 4000 }, () => pick(random));

    expect(picked.includes(0)).toBe(false);
    expect(picked.filter((weight) => weight === 3).length / 3000).toBeCloseTo(1, 1);
    expect(weightedPick([], () => 1)).toBeUndefined();
  });
});

describe('the seeded random numbers', () => {
  it('spread evenly', () => {
    const random = seededRandom('even');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[random.below(10)]! += 1;

    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('differ for seeds that differ in one character', () => {
    const firsts = Array.from({ length: 5000 }, (_, index) => seededRandom(`seed ${index}`).hex(32));

    expect(new Set(firsts).size).toBe(5000);
  });

  it('make hex texts of the length asked for', () => {
    expect(seededRandom('x').hex(13)).toMatch(/^[0-9a-f]{13}$/);
  });
});
