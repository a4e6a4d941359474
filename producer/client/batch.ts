export interface BatchLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** What AWS takes (AWS docs: PutRecords): records and bytes, keys included, of one request. */
export const putRecordsLimits: BatchLimits = { maxRecords: 500, maxBytes: 10 * 1024 * 1024 };

/** The largest record that a stream takes unless it was set otherwise, key included. */
export const maxRecordBytes = 1024 * 1024;
