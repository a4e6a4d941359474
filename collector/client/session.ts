import { newId } from './queue';
import type { Store } from './store';

const idleMs = 30 * 60_000;

/** The id of the visit that goes on: another one begins after 30 minutes without an event, in whichever tab. */
export function sessionOf(store: Store): string {
  const now = Date.now();
  const [id, last] = (store.get('session') ?? '').split('|');
  const current = id && now - Number(last) < idleMs ? id : newId();
  store.set('session', `${current}|${now}`);
  return current;
}
