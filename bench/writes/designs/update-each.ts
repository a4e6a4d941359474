import { itemBytes } from '../../../cost/table/item-size';
import type { WindowSize } from '../../../domain/counters/window';
import type { Design } from '../design';
import { createLedger } from '../ledger';
import { singleItems } from './single-items';

/** One `ADD` for each event and counter. */
export function updateEach(windows: readonly WindowSize[]): Design {
  return eachEvent(windows, false);
}

/**
 * The same in Powertools' idempotency wrapper, a record at a time: before it a record of its own is put, in progress,
 * and after it updated, completed (`DynamoDBPersistenceLayer._putRecord` and `_updateRecord`).
 */
export function idempotentUpdates(windows: readonly WindowSize[]): Design {
  return eachEvent(windows, true);
}

function eachEvent(windows: readonly WindowSize[], isIdempotent: boolean): Design {
  const ledger = createLedger();
  const forEach = singleItems(ledger, windows, false);
  const put = ledger.line('record put');
  const completed = ledger.line('record completed');
  let events: { add: (times: number) => void }[] = [];
  let requests = 0;

  const add: Design['add'] = (values, at) => {
    events.push({
      add: (times) => {
        if (isIdempotent) {
          put.charge(recordBytes('INPROGRESS'), times);
          completed.charge(recordBytes('COMPLETED'), times);
          requests += 2 * times;
        }
        forEach(values, at, (_, { bytes, line }) => {
          line.charge(bytes, times);
          requests += times;
        });
      },
    });
  };
  return {
    add,
    addLate: add,
    endBatch(times) {
      for (const event of events) event.add(times);
      events = [];
    },
    charges: () => ({ requests, lines: ledger.lines() }),
  };
}

/** Its default attributes; the key is the function's name and an MD5 in base64, and nothing is returned. */
function recordBytes(status: 'INPROGRESS' | 'COMPLETED'): number {
  return itemBytes({
    id: { S: `clickstream-prod-aggregation-Aggregator-a1B2c3D4e5F6.handler#${'x'.repeat(24)}` },
    expiration: { N: '1767225599' },
    status: { S: status },
    in_progress_expiration: { N: '1767225599123' },
  });
}
