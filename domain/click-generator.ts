import type { ClickEvent } from './click-event';
import type { Random } from './random';

export interface ClickGenerator {
  /** The site's next event, said to happen at `at` (epoch milliseconds). Its other fields do not depend on the time. */
  next(at: number): ClickEvent;
}

interface Page {
  readonly path: string;
  readonly title: string;
  readonly elements: readonly string[];
}

interface Visitor {
  readonly visitorId: string;
  readonly userAgent: string;
  readonly bot: boolean;
}

interface Session {
  readonly visitor: Visitor;
  readonly sessionId: string;
  readonly campaign: string | undefined;
  page: Page | undefined;
  referrer: string | undefined;
}

const site = 'https://www.meadow-and-pine.example';
const sessionsAtOnce = 24;
const rememberedVisitors = 400;

const botShare = 0.04;
const returningShare = 0.35;
const clickShare = 0.4;
const directShare = 0.4;
const campaignShare = 0.1;
/** A session ends after an event with this probability: some nine events a visitor on average. */
const leaveShare = 0.11;

const articles = page('Journal', ['read-more', 'share', 'newsletter-signup', 'related-article']);
const products = page('Product', ['add-to-cart', 'wish-list', 'gallery-next', 'size-guide', 'reviews-tab']);
const lists = page('Category', ['filter-price', 'sort-by', 'next-page', 'quick-view']);

/** In order of popularity: the rank decides how often a page is seen. */
const pages: readonly Page[] = [
  page('Home', ['hero-banner', 'nav-products', 'nav-journal', 'search-button'])('/'),
  page('Search', ['search-button', 'result-1', 'result-2', 'result-3'])('/search'),
  ...['tents', 'backpacks', 'boots', 'stoves', 'lamps'].map((name) => lists(`/category/${name}`)),
  page('Cart', ['checkout-button', 'remove-item', 'voucher-apply'])('/cart'),
  ...numbered(120, (number) => products(`/product/${number}`)),
  page('Checkout', ['pay-button', 'address-edit'])('/checkout'),
  ...numbered(40, (number) => articles(`/journal/${number}`)),
  page('About', ['contact-link', 'nav-journal'])('/about'),
];

const popularity = zipf(pages.length);

const externalReferrers = [
  'https://www.google.com/',
  'https://www.google.com/',
  'https://www.bing.com/',
  'https://duckduckgo.com/',
  'https://news.ycombinator.com/',
  'https://www.reddit.com/r/camping/',
  'https://t.co/6bXq2',
] as const;

const campaigns = ['spring-sale', 'newsletter-12', 'retargeting', 'winter-boots'] as const;

const people = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1',
] as const;

const bots = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
] as const;

/**
 * Clicks that look like a site's: some two dozen visitors at once, each walking from page to page (popularity falls
 * as 1/rank), clicking elements on the way; a few come back later, and a few are bots, which read pages and never
 * click. Everything but the time comes from `random`, so one seed gives one sequence of events.
 */
export function createClickGenerator(random: Random): ClickGenerator {
  const sessions: Session[] = [];
  const visitors: Visitor[] = [];

  const visitor = (): Visitor => {
    if (visitors.length > 0 && random.chance(returningShare)) return random.pick(visitors);
    const bot = random.chance(botShare);
    const made = { visitorId: random.hex(16), userAgent: random.pick(bot ? bots : people), bot };
    // A full memory forgets somebody at random: memory is bounded however long the generator runs.
    if (visitors.length < rememberedVisitors) visitors.push(made);
    else visitors[random.below(rememberedVisitors)] = made;
    return made;
  };

  const session = (): Session => {
    const who = visitor();
    const direct = who.bot || random.chance(directShare);
    return {
      visitor: who,
      sessionId: random.hex(16),
      campaign: !direct && random.chance(campaignShare) ? random.pick(campaigns) : undefined,
      page: undefined,
      referrer: direct ? undefined : random.pick(externalReferrers),
    };
  };

  const fields = (of: Session, type: string, on: Page, at: number): ClickEvent => ({
    eventId: random.hex(32),
    type,
    timestamp: new Date(at).toISOString(),
    visitorId: of.visitor.visitorId,
    page: on.path,
    sessionId: of.sessionId,
    userAgent: of.visitor.userAgent,
  });

  const view = (of: Session, at: number): ClickEvent => {
    const to = pages[rank(popularity, random.float())]!;
    const event = {
      ...fields(of, 'page_view', to, at),
      title: to.title,
      ...(of.referrer !== undefined && { referrer: of.referrer }),
      ...(of.campaign !== undefined && { campaign: of.campaign }),
    };
    of.page = to;
    if (!of.visitor.bot) of.referrer = site + to.path;
    return event;
  };

  return {
    next(at) {
      while (sessions.length < sessionsAtOnce) sessions.push(session());
      const index = random.below(sessions.length);
      const walking = sessions[index]!;
      const clicks = walking.page && !walking.visitor.bot && random.chance(clickShare);
      const event =
        walking.page && clicks
          ? { ...fields(walking, 'click', walking.page, at), element: random.pick(walking.page.elements) }
          : view(walking, at);
      if (random.chance(leaveShare)) sessions[index] = session();
      return event;
    },
  };
}

function page(title: string, elements: readonly string[]): (path: string) => Page {
  return (path) => ({ path, title, elements });
}

function numbered<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index + 1));
}

/** Running sums of 1/rank, scaled to end at 1. */
function zipf(count: number): readonly number[] {
  const sums: number[] = [];
  let sum = 0;
  for (let i = 1; i <= count; i++) {
    sum += 1 / i;
    sums.push(sum);
  }
  return sums.map((partial) => partial / sum);
}

/** The first index whose running sum lies above `at`. */
function rank(sums: readonly number[], at: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
