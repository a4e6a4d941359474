import { setMaxListeners } from 'node:events';

/** Nothing here is ended by its signal. */
export const never = new AbortController().signal;
// Every request under way listens to it.
setMaxListeners(0, never);
