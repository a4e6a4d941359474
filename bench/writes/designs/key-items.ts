import { itemBytes } from '../../../cost/table/item-size';
import { sequenceNumberOf, simulatedShard } from '../../../cost/table/simulated-shard';
import { AggregatesTable as attributes } from '../../../domain/counter-item';
import type { WindowSize } from '../../../domain/counters/window';
import type { CountedValue } from '../clicks';
import type { Design } from '../design';
import { createLedger } from '../ledger';
import { type SingleItem, singleItems } from './single-items';

/** Actions of one transaction at the most (AWS docs: TransactWriteItems), one of which is the marker. */
const countersOfTransaction = 99;
/** Units for a kilobyte (AWS docs: DynamoDB read and write operations). */
const transactionFactor = 2;

/** An item for each counter, written once a batch. */
export function itemEach(windows: readonly WindowSize[]): Design {
  const ledger = createLedger();
  let requests = 0;
  return batches(singleItems(ledger, windows, true), {
    endBatch(counters, times) {
      for (const { bytes, line } of counters) line.charge(bytes, times);
      requests += counters.length * times;
    },
    charges: () => ({ requests, lines: ledger.lines() }),
  });
}

/** The same in transactions, each with a marker of the batch and of its own number in it. */
export function transactionsByValue(windows: readonly WindowSize[]): Design {
  return transactions(windows, undefined);
}

/** The same in transactions that each hold a run of the batch's events, with a marker of how far the shard is. */
export function transactionsByPosition(windows: readonly WindowSize[]): Design {
  return transactions(windows, countersOfTransaction);
}

function transactions(windows: readonly WindowSize[], mostCounters: number | undefined): Design {
  const ledger = createLedger();
  const marker = ledger.line('marker');
  const markerBytes = itemBytes({
    [attributes.partitionKey]: { S: `counted#${simulatedShard}` },
    [attributes.sortKey]: { S: `${sequenceNumberOf(0)}#0` },
    [attributes.timeToLive]: { N: '1767225599' },
  });
  let requests = 0;
  return batches(
    singleItems(ledger, windows, false),
    {
      endBatch(counters, times) {
        for (const { bytes, line } of counters) line.charge(bytes, times, transactionFactor);
        const parts = Math.ceil(counters.length / countersOfTransaction);
        marker.charge(markerBytes, parts * times, transactionFactor);
        requests += parts * times;
      },
      charges: () => ({ requests, lines: ledger.lines() }),
    },
    mostCounters,
  );
}

/** Gathers the counters of a batch, each once; or of runs of its events that have so many counters at the most. */
function batches(
  forEach: ReturnType<typeof singleItems>,
  {
    endBatch,
    charges,
  }: {
    readonly endBatch: (counters: readonly SingleItem[], times: number) => void;
    readonly charges: Design['charges'];
  },
  mostCounters = Number.POSITIVE_INFINITY,
): Design {
  let runs: SingleItem[][] = [];
  const ids = new Set<number>();
  const add = (values: readonly CountedValue[], at: number): void => {
    const added: { id: number; item: SingleItem }[] = [];
    forEach(values, at, (id, item) => {
      if (!ids.has(id)) added.push({ id, item });
    });
    let run = runs.at(-1);
    if (!run || run.length + added.length > mostCounters) {
      if (run) {
        // What the run before has does not help this one.
        ids.clear();
        added.length = 0;
        forEach(values, at, (id, item) => added.push({ id, item }));
      }
      run = [];
      runs.push(run);
    }
    for (const { id, item } of added) {
      ids.add(id);
      run.push(item);
    }
  };
  return {
    add,
    addLate: add,
    endBatch(times) {
      for (const run of runs) endBatch(run, times);
      runs = [];
      ids.clear();
    },
    charges,
  };
}
