/** What a delivery stream reports as it goes, for a log or a status line: names and numbers, no data. */
export type DeliveryEvent =
  | { readonly kind: 'shard-started'; readonly shardId: string }
  | { readonly kind: 'shard-finished'; readonly shardId: string }
  | { readonly kind: 'stream-call-failed'; readonly attempt: number; readonly error: unknown }
  /** How far behind the newest record of the shard a read has left its reader; 0 at the newest. */
  | { readonly kind: 'read'; readonly millisBehindLatest: number }
  | { readonly kind: 'invoked'; readonly attempt: number }
  | { readonly kind: 'invocation-failed'; readonly attempt: number; readonly reason: string }
  | { readonly kind: 'object-stored'; readonly key: string; readonly records: number; readonly bytes: number }
  | {
      readonly kind: 'object-failed';
      readonly key: string;
      readonly attempt: number;
      readonly error: unknown;
    }
  /** To a destination other than S3. */
  | { readonly kind: 'delivered'; readonly records: number; readonly bytes: number }
  | {
      readonly kind: 'delivery-failed';
      readonly attempt: number;
      readonly records: number;
      /** AWS's word for the first of the failures. */
      readonly code: string;
    }
  /** Refused in a way that Firehose takes for final, and keeps nothing of. */
  | { readonly kind: 'records-lost'; readonly records: number; readonly code: string }
  | { readonly kind: 'checkpoint-failed'; readonly attempt: number; readonly error: unknown }
  /** A defect: the delivery stream has stopped, and continues from its checkpoint when started again. */
  | { readonly kind: 'crashed'; readonly error: unknown };

export type OnDeliveryEvent = (event: DeliveryEvent) => void;
