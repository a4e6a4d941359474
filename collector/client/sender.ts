import { type Batch, maxBytes, type Outcome, type Queue } from './queue';

export interface Sender {
  /** There is something to send. */
  wake(): void;
}

/** So long an event waits for others: a click, and the page view that it leads to. */
const gatherMs = 100;
const timeoutMs = 10_000;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** Sends what is in the queue: by `fetch` while the page is there, by a beacon when it hides. */
export function startSender(endpoint: string, queue: Queue): Sender {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSending = false;
  let failures = 0;

  const wakeIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
  const post = (body: string, signal: AbortSignal | null = null): Promise<Response> =>
    fetch(endpoint, {
      method: 'POST',
      body,
      // Which a browser sends without asking before.
      headers: { 'content-type': 'text/plain' },
      keepalive: true,
      credentials: 'omit',
      signal,
    });

  /** Sends one batch. @returns milliseconds until the next; undefined if there is none */
  const send = async (): Promise<number | undefined> => {
    const batch = queue.take(maxBytes);
    if (batch.entries.length === 0) {
      // All that failed may have been given up.
      failures = 0;
      return;
    }
    let status = 0;
    let pauseMs = 0;
    try {
      const response = await post(batch.body, AbortSignal.timeout(timeoutMs));
      status = response.status;
      pauseMs = 1_000 * Number(response.headers.get('retry-after')) || 0;
    } catch {
      // No answer.
    }
    const outcome = outcomeOf(status);
    queue.settle(batch, outcome);
    if (outcome === 'taken' || outcome === 'lost') {
      failures = 0;
      return 0;
    }
    const backoff = Math.min(longestPauseMs, firstPauseMs * 2 ** failures++);
    return Math.max(backoff * (0.5 + Math.random() / 2), pauseMs);
  };

  const run = async (): Promise<void> => {
    // The event `online` wakes it.
    if (isSending || !navigator.onLine) return;
    isSending = true;
    // One tab at a time, where the browser can tell: it sends for all.
    const next = await (navigator.locks
      ? // It gives none to a page that is going.
        navigator.locks
          .request('clicks', { ifAvailable: true }, (lock) => (lock ? send() : 1_000))
          .catch(() => 1_000)
      : send());
    isSending = false;
    if (next !== undefined) wakeIn(next);
  };

  /** Sent by beacons, of which nobody is told what became of them. */
  let beacons: Batch[] = [];
  const hide = (): void => {
    if (!navigator.onLine) return;
    let room = maxBytes;
    for (let batch = queue.take(room); batch.entries.length > 0; batch = queue.take(room)) {
      room -= batch.bytes;
      beacons.push(batch);
      // False where the browser will not: it has too much under way, or beacons are switched off.
      if (!navigator.sendBeacon(endpoint, batch.body)) post(batch.body).catch(() => {});
    }
  };
  const show = (): void => {
    for (const batch of beacons) queue.settle(batch, 'unanswered');
    beacons = [];
    wakeIn(0);
  };
  addEventListener('online', () => wakeIn(0));
  addEventListener('pagehide', hide);
  addEventListener('pageshow', show);
  document.addEventListener('visibilitychange', () =>
    document.visibilityState === 'hidden' ? hide() : show(),
  );
  return { wake: () => failures === 0 && wakeIn(gatherMs) };
}

function outcomeOf(status: number): Outcome {
  if (status === 429 || status === 503) return 'returned';
  if (status < 200 || status === 408 || status >= 500) return 'unanswered';
  return status < 300 ? 'taken' : 'lost';
}
