import { quietly } from '../../../bench/quietly';
import { type Batch, batches } from '../../../bench/transformer/batch';
import { contenders } from '../../../bench/transformer/contenders';
import { isRightAnswer, loadContenders } from '../../../bench/transformer/invocation';
import type { ClickEvent } from '../../../domain/event/click-event';
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

const site = { pages: 1_000, texts: 'come again' } as const;

function firstBatch(maxBytes: number): Batch {
  return batches(maxBytes, site).next().value;
}

describe('the transformer’s benchmark', () => {
  it('compares contenders that all answer right', async () => {
    const { batches } = JSON.parse(await runBench('transformer', '--short', '--json')) as Output;

    expect(batches.map(({ megabytes }) => megabytes)).toEqual([1, 0.1]);
    for (const { megabytes, records, meanBytes, results } of batches) {
      expect(records).toBeGreaterThan(800 * megabytes);
      expect(meanBytes).toBeGreaterThan(400);
      expect(meanBytes).toBeLessThan(500);
      expect(results.map(({ name, right }) => [name, right])).toEqual(
        ['product', 'same-job', 'blueprint', 'async-map', 'unread', 'identity'].map((name) => [name, true]),
      );
      for (const { cpuMs } of results) expect(cpuMs.median).toBeGreaterThan(0);
    }
  }, 60_000);

  it('has one malformed record in a hundred, in a batch of the size that was asked for', () => {
    const { body, records } = firstBatch(300_000);

    expect(body.length).toBeGreaterThan(298_000);
    expect(body.length).toBeLessThanOrEqual(300_000);
    expect(records.filter(({ is }) => is !== 'click').length).toBe(Math.floor(records.length / 100));
    const lengths = records.filter(({ is }) => is === 'click').map(({ text }) => text.length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(350);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(600);
  });

  it('has no click twice, and user agents and referrers again or not, as it is asked for', () => {
    const seen = (texts: 'come again' | 'all new') => {
      const coming = batches(300_000, { ...site, texts });
      const clicks = [coming.next().value, coming.next().value]
        .flatMap(({ records }) => records)
        .filter(({ is }) => is === 'click')
        .map(({ text }) => JSON.parse(text) as ClickEvent);
      const distinct = (field: keyof ClickEvent) => {
        const values = clicks.map((click) => click[field]).filter((value) => value !== undefined);
        return new Set(values).size / values.length;
      };
      return {
        eventId: distinct('eventId'),
        userAgent: distinct('userAgent'),
        referrer: distinct('referrer'),
      };
    };

    expect(seen('all new')).toEqual({ eventId: 1, userAgent: 1, referrer: 1 });
    const { eventId, userAgent, referrer } = seen('come again');
    expect(eventId).toBe(1);
    expect(userAgent).toBeLessThan(0.7);
    expect(referrer).toBeLessThan(0.7);
  });

  it('tells a wrong answer from a right one', async () => {
    const batch = firstBatch(50_000);
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
