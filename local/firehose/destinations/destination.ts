import type { SourceRecord } from '../processor-event';
import type { BufferedRecord } from '../record-buffer';

/** A record on its way to a destination other than S3, as the processor has answered it. */
export interface OutgoingRecord extends BufferedRecord {
  readonly record: SourceRecord;
}

/** Why a destination has not taken a record, in AWS's words. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What has become of one record at one attempt. */
export type Fate =
  | 'delivered'
  | {
      readonly refusal: Refusal;
      /** `again`, as long as the destination's retries last; or `lost`: Firehose keeps nothing of it. */
      readonly next: 'again' | 'lost';
    };

/** What is to be tried again. */
export const again = (refusal: Refusal): Fate => ({ refusal, next: 'again' });

/** One request, which keeps its id however often it is attempted. */
export interface Delivery {
  readonly requestId: string;
  /** Epoch milliseconds at which the request was made. */
  readonly madeAt: number;
  readonly records: readonly OutgoingRecord[];
}

/** A place that records are delivered to. */
export interface Destination {
  /** What stands for `!{firehose:error-output-type}` in the keys of what it does not take. */
  readonly errorOutputType: string;
  /** Most that a request may hold. */
  readonly maxRecords: number;
  /** Makes one attempt; the fates are in the order of the records. Rejects when the signal aborts. */
  attempt(delivery: Delivery, signal: AbortSignal): Promise<readonly Fate[]>;
  /** Members of a record's error document, in the order in which AWS has them, but for those that it makes itself. */
  errorDocument(record: OutgoingRecord, common: ErrorMembers): object;
}

/** What the error documents of all destinations have. */
export interface ErrorMembers {
  readonly attemptsMade: number;
  readonly arrivalTimestamp: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attemptEndingTimestamp: number;
  /** Base64 of what was sent. */
  readonly rawData: string;
}
