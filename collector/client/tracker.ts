import type { Fields } from './fields';
import { watchClicks, watchViews } from './page';
import { createQueue, newId } from './queue';
import { type Sender, startSender } from './sender';
import { sessionOf } from './session';
import { openStore, type Store } from './store';

export interface TrackerOptions {
  /** Where events are sent to: `https://….on.aws/events`. */
  readonly endpoint: string;
  /** `ignored` also counts visitors who ask for Global Privacy Control. @default 'respected' */
  readonly privacyControl?: 'respected' | 'ignored';
  /** Whether browsers that a program steers are counted, for tests. @default false */
  readonly webdriver?: boolean;
  /** Whether views and clicks are told by themselves. @default true */
  readonly automatic?: boolean;
  /**
   * Seconds in which an event is sent again that may have arrived. Less than `deduplicationSeconds`, within which copies are
   * recognized. @default 240
   */
  readonly unconfirmedSeconds?: number;
}

export interface Tracker {
  /**
   * Sends an event of one's own: `track('sign_up', { element: 'footer' })`.
   * @returns its id; undefined where this visitor is not counted
   */
  track(type: string, fields?: Fields): string | undefined;
  /**
   * With the visitor's consent, gives this browser an id of its own, which it keeps; without, takes it away. The collector
   * must take such ids (`collectorVisitorIds` is `given`).
   */
  consent(given: boolean): void;
}

/** Starts to count what happens on this page. One a page. */
export function createTracker(options: TrackerOptions): Tracker {
  const { privacyControl, webdriver = false, automatic = true } = options;
  const asksForPrivacy = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true;
  const isCounted = (!asksForPrivacy || privacyControl === 'ignored') && (!navigator.webdriver || webdriver);
  if (!isCounted) return { track: () => undefined, consent: () => {} };

  const store = openStore();
  const queue = createQueue(store, 1_000 * (options.unconfirmedSeconds ?? 240));
  let sender: Sender | undefined;
  const track = (type: string, fields: Fields = {}): string => {
    const eventId = newId();
    queue.add(eventJson(store, eventId, type, fields));
    sender?.wake();
    return eventId;
  };
  whenSeen(() => {
    sender = startSender(options.endpoint, queue);
    if (automatic) {
      watchViews(track);
      watchClicks(track);
    }
    sender.wake();
  });
  return {
    track,
    consent(given) {
      if (!given) store.remove('visitor');
      else if (store.get('visitor') === undefined) store.set('visitor', newId());
    },
  };
}

function eventJson(store: Store, eventId: string, type: string, fields: Fields): string {
  return JSON.stringify({
    page: location.pathname,
    ...(document.title && { title: document.title }),
    visitorId: store.get('visitor'),
    ...fields,
    eventId,
    type,
    timestamp: new Date().toISOString(),
    sessionId: sessionOf(store),
  });
}

/** A page that is rendered before anybody asks for it may never be seen. */
function whenSeen(start: () => void): void {
  const { prerendering } = document as { prerendering?: boolean };
  if (prerendering) document.addEventListener('prerenderingchange', start, { once: true });
  else start();
}
