import { designs } from '../../bench/duplicates/designs';
import { measureRedelivery } from '../../bench/duplicates/redelivery';
import { measureRetries } from '../../bench/duplicates/retries';
import { measureUnits } from '../../bench/duplicates/write-units';
import { runBench } from './run-bench';

describe('the benchmark of duplicates', () => {
  it('prints a table of retries, of units and of designs', async () => {
    const text = await runBench('duplicates', '--short');
    expect(text).toContain('| 10.00 % |');
    expect(text).toContain('| 1,000 |');
    expect(text).toMatch(/CPU at 1,000 records\/s, warm: \d+\.\d µs/);
    for (const design of Object.keys(designs)) expect(text).toContain(`| ${design} |`);
  }, 60_000);

  it('finds a copy of each event that an unanswered request held', async () => {
    const none = await measureRetries('ndjson', 0, 500);
    expect(none).toMatchObject({ requests: 20, duplicates: 0 });
    const half = await measureRetries('kpl', 0.5, 2_000);
    // Every second request in the mean, so about as many again.
    expect(half.duplicates).toBeGreaterThan(0.5);
    expect(half.duplicates).toBeLessThan(1.6);
    expect(half.duplicates).toBeCloseTo(half.requests / 80 - 1, 6);
  });

  it('counts a unit for each marker, and for each kilobyte of a batch’s chunk', () => {
    const { markers, chunks, reads } = measureUnits(100, 1);
    expect(markers).toBe(1_000);
    // 500 events take 4 KB, and the keys a fifth.
    expect(chunks).toBe(10);
    expect(reads).toBe(2);
  });

  it('finds the chunks right when batches come again, and a plain marker wrong', () => {
    expect(measureRedelivery('recent-event chunks', 20_000)).toMatchObject({ lost: 0, countedTwice: 0 });
    expect(measureRedelivery('marker an event: is there one?', 20_000).lost).toBeGreaterThan(0);
    const { duplicates, countedTwice } = measureRedelivery('no removal', 3_000);
    expect(countedTwice).toBe(duplicates);
  });
});
