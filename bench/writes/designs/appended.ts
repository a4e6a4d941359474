import { itemBytes, numberBytes } from '../../../cost/table/item-size';
import { sequenceNumberOf, simulatedShard } from '../../../cost/table/simulated-shard';
import { AggregatesTable as attributes } from '../../../domain/counter-item';
import { formatWindow, windowStart } from '../../../domain/counters/window';
import type { CountedValue } from '../clicks';
import type { Design } from '../design';
import { createLedger } from '../ledger';

/**
 * What a batch has counted by minute, in an item of the batch alone, which is written once and never again. Hours are
 * not written: they are sums of minutes. Nobody could read such a table with ease; it is what has to be said at least.
 */
export function appended(): Design {
  const ledger = createLedger();
  const line = ledger.line('batches');
  /** By minute: counts of values. */
  const minutes = new Map<number, Map<CountedValue, number>>();
  let requests = 0;
  const add = (values: readonly CountedValue[], at: number): void => {
    const start = windowStart('minute', at);
    const counts = minutes.get(start) ?? new Map<CountedValue, number>();
    minutes.set(start, counts);
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  };
  return {
    add,
    addLate: add,
    endBatch(times) {
      let bytes = frameBytes;
      for (const [start, counts] of minutes) {
        bytes += Buffer.byteLength(formatWindow(start));
        for (const [{ dimension, value }, count] of counts) {
          bytes += Buffer.byteLength(dimension) + Buffer.byteLength(value) + numberBytes(String(count));
        }
      }
      if (minutes.size > 0) {
        line.charge(bytes, times);
        requests += times;
      }
      minutes.clear();
    },
    charges: () => ({ requests, lines: ledger.lines() }),
  };
}

const frameBytes = itemBytes({
  [attributes.partitionKey]: { S: simulatedShard },
  [attributes.sortKey]: { S: sequenceNumberOf(0) },
  [attributes.timeToLive]: { N: '1767225599' },
});
