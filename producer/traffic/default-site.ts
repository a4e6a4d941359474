import type { SiteModel, SitePage } from './site-model';

const articles = page('Journal', ['read-more', 'share', 'newsletter-signup', 'related-article']);
const products = page('Product', ['add-to-cart', 'wish-list', 'gallery-next', 'size-guide', 'reviews-tab']);
const lists = page('Category', ['filter-price', 'sort-by', 'next-page', 'quick-view']);

/** In order of popularity, which falls as 1/rank. */
const pages = [
  page('Home', ['hero-banner', 'nav-products', 'nav-journal', 'search-button'])('/'),
  page('Search', ['search-button', 'result-1', 'result-2', 'result-3'])('/search'),
  ...['tents', 'backpacks', 'boots', 'stoves', 'lamps'].map((name) => lists(`/category/${name}`)),
  page('Cart', ['checkout-button', 'remove-item', 'voucher-apply'])('/cart'),
  ...numbered(120, (number) => products(`/product/${number}`)),
  page('Checkout', ['pay-button', 'address-edit'])('/checkout'),
  ...numbered(40, (number) => articles(`/journal/${number}`)),
  page('About', ['contact-link', 'nav-journal'])('/about'),
];

/** The site that clicks come from when nobody says otherwise: a shop for tents, one event a second around the clock. */
export const defaultSite: SiteModel = {
  origin: 'https://www.meadow-and-pine.example',
  eventsPerSecond: 1,
  sessions: {
    atOnce: 24,
    meanEvents: 1 / 0.11,
    clickShare: 0.4,
    returningShare: 0.35,
    directShare: 0.4,
    campaignShare: 0.1,
  },
  pages: pages.map((made, index) => ({ ...made, weight: 1 / (index + 1) })),
  devices: [
    person(
      '(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
    ),
    person(
      '(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    ),
    person('(X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'),
    person(
      '(iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
    ),
    person(
      '(Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
    ),
    person(
      '(Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
    ),
    person(
      '(iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1',
    ),
    bot('(compatible; Googlebot/2.1; +http://www.google.com/bot.html)'),
    bot('(compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)'),
    bot('(compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)'),
  ],
  referrers: [
    { url: 'https://www.google.com/', weight: 2 },
    { url: 'https://www.bing.com/', weight: 1 },
    { url: 'https://duckduckgo.com/', weight: 1 },
    { url: 'https://news.ycombinator.com/', weight: 1 },
    { url: 'https://www.reddit.com/r/camping/', weight: 1 },
    { url: 'https://t.co/6bXq2', weight: 1 },
  ],
  campaigns: ['spring-sale', 'newsletter-12', 'retargeting', 'winter-boots'],
  diurnal: new Array<number>(24).fill(1),
  bursts: [],
};

function page(title: string, elements: readonly string[]): (path: string) => Omit<SitePage, 'weight'> {
  return (path) => ({ path, title, elements, count: 1, links: {} });
}

function numbered<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index + 1));
}

// Weights that make four visitors in a hundred a bot.
function person(rest: string) {
  return { userAgent: `Mozilla/5.0 ${rest}`, weight: 72, bot: false };
}

function bot(rest: string) {
  return { userAgent: `Mozilla/5.0 ${rest}`, weight: 7, bot: true };
}
