import fc from 'fast-check';
import { createLimiter } from '../../../../producer/client/shards/limiter';

const budget = { bytesPerSecond: 40_000, recordsPerSecond: 20 };

/** Sends records of these sizes as early as they may go; returns when each went. */
function times(sizes: readonly number[], start = 0, limiter = createLimiter(budget, start)): number[] {
  let now = start;
  return sizes.map((size) => {
    now = limiter.readyAt(now);
    limiter.spend(size, now);
    return now;
  });
}

/** In seconds of the whole budget. */
const spentBy = (sizes: readonly number[]) =>
  sizes.reduce((sum, size) => sum + size, 0) / budget.bytesPerSecond;

describe('a shard’s limiter', () => {
  it('lets one second’s budget go at once, and then no more than the budget', () => {
    const records = times(Array.from({ length: 60 }, () => 10));
    expect(records[19]).toBe(0);
    expect(records[20]).toBeGreaterThan(0);
    expect(records[59]).toBeGreaterThanOrEqual(1900);
    expect(records[59]).toBeLessThan(2001);
  });

  it('never exceeds the budget plus one second of it, whatever the records’ sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 80 }), (sizes) => {
        times(sizes).forEach((at, index) => {
          // What went before this record; a record may overdraw, and then nothing goes until that is made good.
          expect(spentBy(sizes.slice(0, index))).toBeLessThanOrEqual(1 + at / 1000 + 1e-6);
          expect(index / budget.recordsPerSecond).toBeLessThanOrEqual(1 + at / 1000 + 1e-6);
        });
      }),
    );
  });

  it('uses the budget up', () => {
    const sizes = Array.from({ length: 200 }, () => 4000);
    const took = times(sizes).at(-1)! / 1000;
    expect(spentBy(sizes) / (took + 1)).toBeGreaterThan(0.97);
  });

  it('uses less of it for each refusal, counted once for those of one moment', () => {
    const rate = (refusals: readonly number[]) => {
      const limiter = createLimiter(budget, 0);
      for (const at of refusals) limiter.throttled(at);
      const now = 500;
      const sizes = Array.from({ length: 60 }, () => 10);
      times(sizes.slice(0, 20), now, limiter);
      return 40 / ((times(sizes.slice(20), now, limiter).at(-1)! - now) / 1000);
    };
    expect(rate([0])).toBeLessThan(0.85 * rate([]));
    expect(rate([0, 1, 499])).toBeCloseTo(rate([0]), 0);
    expect(rate([0, 500])).toBeLessThan(0.85 * rate([0]));
  });

  it('grows by its own measure, so that a shard that takes little is not offered many times of that', () => {
    const share = (refusedFor: number, waits: number) => {
      const limiter = createLimiter(budget, 0);
      for (let at = 0; at < refusedFor; at += 500) limiter.throttled(at);
      const start = refusedFor + waits;
      const one = Array.from({ length: 20 }, () => 1);
      times(one, start, limiter);
      return 20 / ((times(one, start, limiter).at(-1)! - start) / 1000) / budget.recordsPerSecond;
    };
    // After so many refusals it is the least share; 20 records take long, and it grows meanwhile.
    expect(share(30_000, 0)).toBeLessThan(0.05);
    expect(share(30_000, 10_000)).toBeLessThan(0.1);
    expect(share(30_000, 60_000)).toBeGreaterThan(0.9);
  });

  it('gets the whole of it back in time', () => {
    const limiter = createLimiter(budget, 0);
    for (let at = 0; at < 5000; at += 500) limiter.throttled(at);
    const sizes = Array.from({ length: 40 }, () => 10);
    const slow = times(sizes, 5000, limiter).at(-1)! - 5000;
    const later = times(sizes, 60_000, limiter).at(-1)! - 60_000;
    expect(slow).toBeGreaterThan(3000);
    expect(later).toBeLessThanOrEqual(1001);
  });
});
