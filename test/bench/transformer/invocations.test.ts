import { quietly } from '../../../bench/quietly';
import { createBatch } from '../../../bench/transformer/batch';
import { contenders } from '../../../bench/transformer/contenders';
import { isRightAnswer, loadContenders } from '../../../bench/transformer/invocation';
import { runBench } from '../run-bench';

interface Output {
  readonly batches: readonly {
    readonly megabytes: number;
    readonly records: number;
    readonly meanBytes: number;
    readonly results: readonly {
      readonly name: string;
      readonly right: boolean;
      readonly cpuMs: { readonly median: number };
    }[];
  }[];
}

describe('the transformer’s benchmark', () => {
  it('compares contenders that all answer right', async () => {
    const { batches } = JSON.parse(await runBench('transformer', '--short', '--json')) as Output;

    expect(batches.map(({ megabytes }) => megabytes)).toEqual([1]);
    for (const { records, meanBytes, results } of batches) {
      expect(records).toBeGreaterThan(800);
      expect(meanBytes).toBeGreaterThan(400);
      expect(meanBytes).toBeLessThan(500);
      expect(results.map(({ name, right }) => [name, right])).toEqual(
        ['product', 'same-job', 'blueprint', 'async-map', 'unread', 'identity'].map((name) => [name, true]),
      );
      for (const { cpuMs } of results) expect(cpuMs.median).toBeGreaterThan(0);
    }
  }, 60_000);

  it('has one malformed record in a hundred, in a batch of the size that was asked for', () => {
    const { body, records } = createBatch(300_000);

    expect(body.length).toBeGreaterThan(298_000);
    expect(body.length).toBeLessThanOrEqual(300_000);
    expect(records.filter(({ is }) => is !== 'click').length).toBe(Math.floor(records.length / 100));
    const lengths = records.filter(({ is }) => is === 'click').map(({ text }) => text.length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(350);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(600);
  });

  it('tells a wrong answer from a right one', async () => {
    const batch = createBatch(50_000);
    const [product] = await loadContenders(contenders.filter(({ name }) => name === 'product'));
    const answer = await quietly(() => product!.invoke(batch.body));
    const wrong = (change: (records: { result: string; data?: string }[]) => unknown) => {
      const parsed = JSON.parse(answer.toString());
      change(parsed.records);
      return isRightAnswer(Buffer.from(JSON.stringify(parsed)), batch, product!);
    };

    expect(isRightAnswer(answer, batch, product!)).toBe(true);
    expect(wrong((records) => records.pop())).toBe(false);
    expect(wrong((records) => records.reverse())).toBe(false);
    expect(wrong((records) => Object.assign(records[3]!, { result: 'ProcessingFailed' }))).toBe(false);
    expect(wrong((records) => Object.assign(records[3]!, { data: records[4]!.data }))).toBe(false);
  });
});
