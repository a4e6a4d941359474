import type { Result } from '../../bench/compare';
import { rightByName, runBench } from './run-bench';

interface Output {
  readonly gzipBytes: Readonly<Record<string, number>>;
  readonly shapes: readonly { readonly events: number; readonly results: readonly Result[] }[];
  readonly coldStarts: readonly Result[];
}

describe('the benchmark of the collector', () => {
  it('has every request answered, by all, and as many records put as each design makes', async () => {
    const { shapes, coldStarts, gzipBytes } = await runBench<Output>('collector');
    const all = { product: true, peer: true, 'peer-kept': true, floor: true };
    expect(shapes.map(({ events, results }) => [events, rightByName(results)])).toEqual([
      [1, all],
      [3, all],
    ]);
    expect(rightByName(coldStarts)).toEqual({ product: true, peer: true, nothing: true });
    expect(gzipBytes['clicks.js']).toBeLessThan(2_500);
  }, 60_000);
});
