import { streamChoice } from '../../cost/stream-choice';
import { prices, traffic } from './cost-factory';

const settings = { shardCount: 1, streamRetentionHours: 24 };
const choice = (overrides: Parameters<typeof traffic>[0]) =>
  streamChoice(traffic(overrides), settings, prices);

describe('The choice between provisioned and on demand', () => {
  it('prices both', () => {
    const { provisioned, onDemand } = choice({ eventsPerSecond: 50, eventBytes: 1_024 });
    const gigabytes = (50 * 730 * 3_600) / 2 ** 20;

    expect(provisioned).toBeCloseTo(10.95 + 50 * 2.628 * 0.014, 6);
    expect(onDemand).toBeCloseTo(29.2 + gigabytes * 0.08 + 2 * gigabytes * 0.04, 6);
  });

  it('finds none where traffic is even: a shard costs less than a stream on demand', () => {
    expect(choice({ eventsPerSecond: 50 }).changesAt).toBeUndefined();
  });

  it('finds the rate from which a peak makes on demand cheaper', () => {
    const peaky = { peakEventsPerSecond: 2_000, eventsPerSecond: 20 };
    const { changesAt } = choice(peaky);
    const at = (rate: number) => choice({ eventsPerSecond: rate, peakEventsPerSecond: rate * 100 });

    expect(changesAt).toBeGreaterThan(10);
    const [below, above] = [at(changesAt! * 0.99), at(changesAt! * 1.01)];
    expect(below.provisioned).toBeLessThan(below.onDemand);
    expect(above.provisioned).toBeGreaterThan(above.onDemand);
  });

  it('finds the peak from which on demand is cheaper at a rate', () => {
    // 29.20 + 0.0763 × 26.28 + 0.0447 × 26.28 = 32.38 on demand; 3 shards and 0.37 are 33.22, 2 are 22.27.
    const { onDemandFromPeak } = choice({ eventsPerSecond: 10, eventBytes: 300 });

    expect(onDemandFromPeak).toBeCloseTo(2_000, 0);
  });
});
