import { recordsOf } from '../../../bench/table/records';
import { valueReader } from '../../../bench/writes/clicks';
import { designKinds } from '../../../bench/writes/designs';
import { runBench } from '../run-bench';

interface Output {
  readonly batches: number;
  readonly recordsPerBatch: number;
  readonly results: readonly {
    readonly name: string;
    readonly isExact: boolean;
    readonly right: boolean;
    readonly requests: number;
    readonly redelivered: { readonly countedTwice: number; readonly lost: number };
  }[];
}

/** Requests that the model of write units has for the same batches. */
function modelled(name: string, { batches, recordsPerBatch }: Output): number {
  const design = designKinds.find((kind) => kind.name === name)!.create(['minute', 'hour']);
  const records = recordsOf({ count: batches * recordsPerBatch, pages: 1_000, lateShare: 0.05 });
  const { read } = valueReader();
  for (const [index, { data }] of records.entries()) {
    const event = JSON.parse(data.toString()) as { timestamp: string };
    design.add(read(event), Date.parse(event.timestamp));
    if ((index + 1) % recordsPerBatch === 0) design.endBatch(1);
  }
  return design.charges().requests / (records.length / 1_000);
}

describe('the benchmark against the emulated table', () => {
  it('counts right by every design, and after a kill by those that are exact', async () => {
    const output = JSON.parse(await runBench('table', '--short', '--json')) as Output;
    const { results } = output;

    expect(results.map(({ name, isExact, right }) => [name, isExact, right])).toEqual([
      ['product', true, true],
      ['update-each', false, true],
      ['add-each', false, true],
      ['item-each', true, true],
      ['powertools', false, true],
      ['wide-item', true, true],
      ['appended', false, true],
    ]);
    for (const { name, isExact, redelivered } of results) {
      expect({ name, lost: redelivered.lost }).toEqual({ name, lost: 0 });
      expect({ name, isRight: redelivered.countedTwice === 0 }).toEqual({ name, isRight: isExact });
    }
    for (const name of ['product', 'update-each', 'item-each', 'powertools', 'wide-item', 'appended']) {
      const { requests } = results.find((result) => result.name === name)!;
      expect({ name, requests }).toEqual({ name, requests: modelled(name, output) });
    }
  }, 120_000);
});
