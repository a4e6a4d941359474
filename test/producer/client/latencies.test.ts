import { createLatencies } from '../../../producer/client/latencies';

describe('Latencies', () => {
  it('have no percentile before the first', () => {
    expect(createLatencies().percentile(50)).toBeUndefined();
  });

  it('have percentiles that are at most 1 % off, from hundredths of a millisecond to an hour', () => {
    for (const scale of [0.01, 1, 300, 36_000]) {
      const latencies = createLatencies();
      for (let ms = 100; ms >= 1; ms--) latencies.record(ms * scale);
      for (const percent of [1, 50, 99, 100])
        expect(latencies.percentile(percent)! / (percent * scale)).toBeCloseTo(1, 1.7);
    }
  });

  it('may be nothing, and more than an hour', () => {
    const latencies = createLatencies();
    for (const ms of [0, -1, 1e12]) latencies.record(ms);
    expect(latencies.percentile(100)).toBeGreaterThan(3_570_000);
    expect(latencies.percentile(10)).toBeLessThan(0.02);
  });
});
