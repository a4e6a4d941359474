import { runBench } from '../run-bench';

describe('the benchmark of a throttled producer', () => {
  it('ends with as many events accepted as the server took, none failed, and memory watched', async () => {
    const printed = await runBench('producer-throttled', '--minutes', '0.05', '--share', '0.5', '--json');

    const { read, accepted, failed, throttled, taken, minutes } = JSON.parse(printed);
    expect({ read, failed, taken: taken.events }).toEqual({ read: accepted, failed: 0, taken: accepted });
    // The first second offers twice of what the shards take.
    expect(throttled).toBeGreaterThan(0);
    expect(accepted).toBeGreaterThan(10 * taken.records);
    expect(minutes[0].memoryMiB.live).toBeGreaterThan(5);
  }, 90_000);
});
