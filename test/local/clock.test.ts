import { systemClock } from '../../local/clock';

describe('the system clock', () => {
  it('wakes a sleeper as soon as its signal aborts, without an error', async () => {
    const controller = new AbortController();
    const startedAt = systemClock.now();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort();
    await sleeping;
    expect(systemClock.now() - startedAt).toBeLessThan(10_000);
  });

  it('does not sleep at all when the signal has aborted before', async () => {
    const startedAt = systemClock.now();
    await systemClock.sleep(60_000, AbortSignal.abort());
    expect(systemClock.now() - startedAt).toBeLessThan(10_000);
  });

  it('sleeps for the time asked for', async () => {
    const startedAt = performance.now();
    await systemClock.sleep(20);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
  });
});
