import { backoffMs } from './backoff';
import type { OutgoingEvent } from './outgoing-event';
import type { RequestResult } from './put-records';

/** What became of the records. */
export type PutOutcome =
  /** Kinesis has acknowledged each. */
  | { readonly kind: 'accepted' }
  /** `mayHaveArrived`: some were acknowledged, or a request had no answer. */
  | { readonly kind: 'failed'; readonly because: string; readonly mayHaveArrived: boolean };

export interface PutPorts {
  /** One `PutRecords` request. */
  readonly put: (records: readonly OutgoingEvent[]) => Promise<RequestResult>;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const backoff = { baseMs: 100, capMs: 1_000 };

/**
 * Puts the records of one request, again those that Kinesis has not taken, until all are acknowledged or there is no time
 * left.
 *
 * @param longestMs after which no request begins
 */
export async function putAll(
  records: readonly OutgoingEvent[],
  longestMs: number,
  ports: PutPorts,
): Promise<PutOutcome> {
  const end = ports.now() + longestMs;
  let missing = records;
  let mayHaveArrived = false;
  for (let attempt = 1; ; attempt++) {
    const result = await ports.put(missing);
    let because: string;
    if (result.kind === 'answered') {
      const { entries } = result;
      const failed = missing.filter((_, index) => !entries[index]?.ok);
      if (failed.length === 0) return { kind: 'accepted' };
      mayHaveArrived ||= failed.length < missing.length;
      missing = failed;
      because = entries.find((entry) => !entry.ok)?.code ?? 'NoAnswer';
    } else {
      because = result.error.name;
      mayHaveArrived ||= result.kind === 'retry' && result.mayHaveArrived;
      if (result.kind === 'refused') return { kind: 'failed', because, mayHaveArrived };
    }
    const wait = backoffMs(attempt, ports.random, backoff);
    if (ports.now() + wait >= end) return { kind: 'failed', because, mayHaveArrived };
    await ports.sleep(wait);
  }
}
