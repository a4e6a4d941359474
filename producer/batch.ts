export interface BatchLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** What AWS takes (AWS docs: PutRecords): records and bytes, keys included, of one request. */
export const putRecordsLimits: BatchLimits = { maxRecords: 500, maxBytes: 10 * 1024 * 1024 };

/** The largest record that a stream takes unless it was set otherwise, key included. */
export const maxRecordBytes = 1024 * 1024;

/**
 * Takes from the front of `queue` what fits into one request, in order. No item may be larger than `maxBytes`.
 */
export function takeBatch<T extends { readonly bytes: number }>(queue: T[], limits: BatchLimits): T[] {
  let count = 0;
  let bytes = 0;
  while (count < queue.length && count < limits.maxRecords) {
    bytes += queue[count]!.bytes;
    if (bytes > limits.maxBytes) break;
    count++;
  }
  return queue.splice(0, count);
}
