import type { Store } from './store';

/** An event that waits to be taken. */
interface Entry {
  readonly name: string;
  /** Epoch milliseconds at which it was first sent without an answer; 0 while it cannot have arrived. */
  readonly triedAt: number;
  readonly json: string;
}

/** Events that go together. */
export interface Batch {
  readonly entries: readonly Entry[];
  readonly bytes: number;
  readonly body: string;
  /** How many lost events the body tells of. */
  readonly told: number;
}

/** What became of a batch: `returned` cannot have arrived this time, of `unanswered` nobody knows. */
export type Outcome = 'taken' | 'returned' | 'unanswered' | 'lost';

export interface Queue {
  add(json: string): void;
  /**
   * The oldest events that fit into a request, or into `room` bytes if that is less, but for those under way. They may have
   * arrived from now on, until `settle` says otherwise.
   */
  take(room: number): Batch;
  settle(batch: Batch, outcome: Outcome): void;
}

const maxEvents = 50;
/** A browser keeps requests of 65,536 bytes alive when their page is gone, all together. */
export const maxBytes = 60_000;
/** What a request has beside its events, at the most. */
const frameBytes = 200;
/** Kept for a site; beyond, the oldest are lost. */
const maxKept = 200;

/**
 * @param unconfirmedMs how long an event is sent again of which nobody knows whether it arrived: as long as the pipeline
 * recognizes copies, and some time less
 */
export function createQueue(store: Store, unconfirmedMs: number): Queue {
  const underWay = new Set<string>();
  let made = 1e6;
  const lost = (): number => Number(store.get('lost') ?? 0);
  /** The oldest first. */
  const names = (): string[] =>
    store
      .names()
      .filter((name) => name.startsWith('e:'))
      .sort();
  const lose = (name: string): void => {
    store.set('lost', `${lost() + 1}`);
    store.remove(name);
  };

  return {
    add(json) {
      // In the order of their making, also within a millisecond; names of other tabs do not meet these.
      store.set(`e:${Date.now()}:${++made}:${newId()}`, `0|${json}`);
      names().slice(0, -maxKept).forEach(lose);
    },
    take(room) {
      const now = Date.now();
      const taken: Entry[] = [];
      let bytes = frameBytes;
      for (const name of names()) {
        const text = store.get(name) ?? '|';
        const bar = text.indexOf('|');
        const triedAt = Number(text.slice(0, bar));
        const json = text.slice(bar + 1);
        const size = sizeOf(json);
        // Another tab has just removed it.
        if (size === 0 || underWay.has(name)) continue;
        if ((triedAt && now - triedAt > unconfirmedMs) || size > maxBytes - frameBytes) lose(name);
        else if (taken.length === maxEvents || bytes + size >= Math.min(room, maxBytes)) break;
        else {
          bytes += size + 1;
          taken.push({ name, triedAt, json });
          underWay.add(name);
          store.set(name, `${triedAt || now}|${json}`);
        }
      }
      const told = lost();
      const events = taken.map(({ json }) => json).join();
      const body = `{"sentAt":"${new Date(now).toISOString()}","lost":${told},"events":[${events}]}`;
      return { entries: taken, bytes, body, told };
    },
    settle({ entries: sent, told }, outcome) {
      for (const { name, triedAt, json } of sent) {
        underWay.delete(name);
        if (outcome === 'returned') store.set(name, `${triedAt}|${json}`);
        else if (outcome === 'taken') store.remove(name);
        else if (outcome === 'lost') lose(name);
      }
      if (outcome === 'taken' && told > 0) store.set('lost', `${Math.max(0, lost() - told)}`);
    },
  };
}

/** Bytes in UTF-8. */
function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** 96 random bits. `crypto.randomUUID` is missing on pages without TLS. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (bits) => bits.toString(36)).join('');
}
