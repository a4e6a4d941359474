import fc from 'fast-check';
import { createPace } from '../../../producer/command/pace';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock';

/** The instants at which `count` events leave, in milliseconds from the first. */
async function departures(
  clock: VirtualClock,
  perSecond: number,
  count: number,
  work: (index: number) => number,
) {
  const pace = createPace({ kind: 'steady', perSecond }, clock);
  const start = clock.now();
  const times: number[] = [];
  const leaving = (async () => {
    for (let index = 0; index < count; index++) {
      await pace.next();
      times.push(clock.now() - start);
      if (work(index) > 0) await clock.sleep(work(index));
    }
  })();
  await clock.until(leaving);
  return times;
}

describe('the pace', () => {
  it('spaces events evenly from the first on', async () => {
    expect(await departures(createVirtualClock(), 4, 5, () => 0)).toEqual([0, 250, 500, 750, 1000]);
  });

  it('does not drift, whatever the work between two events takes', async () => {
    const times = await departures(createVirtualClock(), 10, 600, (index) => index % 90);

    expect(times.at(-1)).toBe(59_900);
  });

  it('makes up for a pause at once', async () => {
    expect(await departures(createVirtualClock(), 10, 6, (index) => (index === 1 ? 330 : 0))).toEqual([
      0, 100, 430, 430, 430, 500,
    ]);
  });

  it('holds rates above the timers’ millisecond', async () => {
    const times = await departures(createVirtualClock(), 4000, 8001, () => 0);

    expect(times.at(-1)).toBeGreaterThan(1998);
    expect(times.at(-1)).toBeLessThan(2002);
  });

  it('keeps to the steady milliseconds where the system’s clock is set back', async () => {
    const virtual = createVirtualClock();
    let wall = 0;
    const clock = { ...virtual, monotonic: virtual.now, now: () => (wall -= 3_600_000) };
    const pace = createPace({ kind: 'steady', perSecond: 1 }, clock);
    await pace.next();
    const began = virtual.now();
    await virtual.until(Promise.resolve(pace.next()));

    expect(virtual.now() - began).toBe(1000);
  });

  it('waits no longer once the signal aborts', async () => {
    const clock = createVirtualClock();
    const stop = new AbortController();
    const pace = createPace({ kind: 'steady', perSecond: 0.001 }, clock);
    await pace.next(stop.signal);
    const next = pace.next(stop.signal);
    stop.abort();

    await next;
    expect(clock.pending()).toBe(0);
  });

  it('lets none leave ahead of time, and the mean over ten seconds be off by less than 1 %, whatever the timers do', async () => {
    const perSecond = fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.constantFrom(1, 3000, 50_000));
    await fc.assert(
      // Timers fire up to 2 ms late, and a little early, as Node's do.
      fc.asyncProperty(
        perSecond,
        fc.infiniteStream(fc.double({ min: -0.6, max: 2, noNaN: true })),
        async (rate, off) => {
          const virtual = createVirtualClock();
          const sleep = (ms: number) => virtual.sleep(Math.max(0.1, ms + off.next().value!));
          const times = await departures({ ...virtual, sleep }, rate, rate * 10 + 1, () => 0);

          expect(times.findIndex((time, index) => time < (index * 1000) / rate - 1e-3)).toBe(-1);
          expect(Math.abs(times.at(-1)! - 10_000)).toBeLessThan(100);
        },
      ),
      { numRuns: 12 },
    );
    // Two million events by now and then, on machines that have other things to do.
  }, 120_000);

  it('waits for an event’s own instant, counted from the first', async () => {
    const clock = createVirtualClock();
    const pace = createPace({ kind: 'max' }, clock);
    expect(pace.until(0)).toBeUndefined();
    const start = clock.now();
    await clock.until(Promise.resolve(pace.until(700)));

    expect(clock.now() - start).toBe(700);
    expect(pace.until(650)).toBeUndefined();
    expect(pace.behindMs()).toBe(50);
  });

  it('says how far it is behind', async () => {
    const clock = createVirtualClock();
    const pace = createPace({ kind: 'steady', perSecond: 10 }, clock);
    await pace.next();
    expect(pace.behindMs()).toBe(0);
    await clock.advance(350);
    await pace.next();
    expect(pace.behindMs()).toBe(250);
  });

  it('does not wait at the maximum', async () => {
    const clock = createVirtualClock();
    const pace = createPace({ kind: 'max' }, clock);
    for (let i = 0; i < 100; i++) await pace.next();

    expect(clock.pending()).toBe(0);
  });
});
