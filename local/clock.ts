import { systemClock as producersClock } from '../cli/clock';

/** Time as the laptop's services see it: tests pass a virtual one, so that an hour takes milliseconds. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts; it never rejects, so a loop just looks at its signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = producersClock;
