import type { Fields } from './fields';

type Track = (type: string, fields?: Fields) => void;

/** Tells of the page's views, also those that a single-page app makes of its history, and those that come back. */
export function watchViews(track: Track): void {
  let path = '';
  let from = document.referrer.replace(/[?#].*/, '');
  const view = (details: Fields = {}): void => {
    path = location.pathname;
    const campaign = new URLSearchParams(location.search).get('utm_campaign');
    // Without what stands behind the path, in which a visitor's own words may be.
    track('page_view', { ...(from && { referrer: from }), ...(campaign && { campaign }), ...details });
    from = location.origin + path;
  };
  const moved = (): void => {
    // The title may still be the last page's.
    if (location.pathname !== path) view({ title: undefined });
  };
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (this: History, ...args) {
      original.apply(this, args);
      moved();
    };
  }
  addEventListener('popstate', moved);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) view();
  });
  view();
}

/** Tells of clicks on what is marked with `data-click`, and on links that lead elsewhere. */
export function watchClicks(track: Track): void {
  const clicked = ({ target }: Event): void => {
    if (!(target instanceof Element)) return;
    const marked = target.closest<HTMLElement>('[data-click]');
    const link = target.closest<HTMLAnchorElement>('a[href]');
    const isOutbound = link && /^https?:$/.test(link.protocol) && link.host !== location.host;
    if (marked)
      track('click', { element: marked.dataset.click || marked.id || marked.tagName.toLowerCase() });
    else if (isOutbound) track('outbound', { element: link.host + link.pathname });
  };
  // Before a handler of the page stops it.
  addEventListener('click', clicked, true);
  addEventListener('auxclick', (event) => event.button === 1 && clicked(event), true);
}
