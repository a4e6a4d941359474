import { createRateLimit } from '../../../lambda/collector/rate-limit';

describe('The rate limit', () => {
  it('lets a visitor send again with the next minute', () => {
    let now = 1_000_000;
    const limit = createRateLimit(10, () => now);
    expect([limit.take('a', 6), limit.take('a', 6), limit.take('b', 6), limit.take('a', 4)]).toEqual([
      undefined,
      60,
      undefined,
      undefined,
    ]);
    now += 45_000;
    expect(limit.take('a', 1)).toBe(15);
    now += 15_000;
    expect(limit.take('a', 10)).toBeUndefined();
  });

  it('is off at 0', () => {
    expect(createRateLimit(0, () => 0).take('a', 1_000_000)).toBeUndefined();
  });
});
