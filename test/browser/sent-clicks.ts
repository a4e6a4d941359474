/** An event as it is sent, with all that the page counts by. */
export interface SentClick {
  readonly eventId: string;
  readonly type: string;
  readonly timestamp: string;
  readonly visitorId: string;
  readonly page: string;
  readonly element?: string;
  readonly referrer?: string;
}

const pages = [
  '/',
  '/café',
  '/list?sort=price',
  `/<img src=x onerror="document.title='owned'">`,
  '/"quoted"',
];
const referrers = ['https://www.google.com/search?q=x', 'https://news.example/a/b', undefined];

/** Clicks that are spread evenly over the time within `reachMs` before and after an instant; none on a whole hour. */
export function clicksAround(middle: number, reachMs: number, name: string, count: number): SentClick[] {
  return Array.from({ length: count }, (_, place): SentClick => {
    const at = middle - reachMs + Math.floor(((place + 0.37) / count) * 2 * reachMs);
    const referrer = referrers[place % 3];
    return {
      eventId: `${name}-${place}`,
      type: place % 4 === 0 ? 'click' : 'page_view',
      timestamp: new Date(at).toISOString(),
      visitorId: `visitor-${name}-${place % 211}`,
      page: pages[(place * place) % 5]!,
      ...(place % 4 === 0 && { element: `#button-${place % 3}` }),
      ...(referrer && { referrer }),
    };
  });
}

/** How many there are of each name; those without one do not count. */
export function countBy(
  clicks: readonly SentClick[],
  nameOf: (click: SentClick) => string | undefined,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const click of clicks) {
    const name = nameOf(click);
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** The day that calendars of a zone show, as the page calls it: `Sat 24 Oct`. */
export function localDay(timestamp: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  });
  return parts.format(new Date(timestamp)).replace(',', '');
}
