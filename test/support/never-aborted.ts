import { setMaxListeners } from 'node:events';

/** A signal for work that nobody ends; every write under way may listen to it. */
export function neverAborted(): AbortSignal {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return signal;
}
