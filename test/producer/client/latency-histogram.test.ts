import fc from 'fast-check';
import { createLatencyHistogram } from '../../../producer/client/latency-histogram';

describe('the latency histogram', () => {
  it('knows nothing before the first measurement', () => {
    expect(createLatencyHistogram().quantile(0.5)).toBeUndefined();
  });

  it('gives quantiles that are at most 1 % off', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.02, max: 3_000_000, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.01, 0.5, 0.99, 1),
        (measured, fraction) => {
          const histogram = createLatencyHistogram();
          measured.forEach(histogram.record);
          const sorted = measured.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)]!;

          const ratio = histogram.quantile(fraction)! / exact;
          expect(ratio).toBeGreaterThan(0.99);
          expect(ratio).toBeLessThan(1.0101);
        },
      ),
    );
  });

  it('takes nothing, and more than an hour, without an error', () => {
    const histogram = createLatencyHistogram();
    for (const ms of [0, -1, 1e12]) histogram.record(ms);

    expect(histogram.quantile(1)).toBeGreaterThan(3_600_000);
    expect(histogram.quantile(0.1)).toBeLessThan(0.02);
  });
});
