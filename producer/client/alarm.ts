import { type Clock, elapsedMs } from '../../cli/clock';

/** Wakes its owner once, at the earliest of the instants that were asked for. */
export interface Alarm {
  /** @param at in the clock's steady milliseconds */
  noLaterThan(at: number): void;
  cancel(): void;
}

export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let pending: { readonly at: number; readonly stop: AbortController } | undefined;

  const cancel = () => {
    // With a reason of its own: the default one is an exception, which takes longer than all else here.
    pending?.stop.abort('cancelled');
    pending = undefined;
  };

  const sleep = async (at: number) => {
    const mine = { at, stop: new AbortController() };
    pending = mine;
    await clock.sleep(Math.max(0, at - elapsedMs(clock)), mine.stop.signal);
    if (pending !== mine) return;
    pending = undefined;
    ring();
  };

  return {
    noLaterThan(at) {
      if (pending && pending.at <= at) return;
      cancel();
      void sleep(at);
    },
    cancel,
  };
}
