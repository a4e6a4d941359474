/** Counts what has been read and is not yet in S3, in its raw form or in the transformer's. */
export interface Held {
  add(records: number, bytes: number): void;
  remove(records: number, bytes: number): void;
  isFull(): boolean;
  readonly records: number;
  readonly bytes: number;
}

export function createHeld(maxBytes: number): Held {
  let records = 0;
  let bytes = 0;
  return {
    add: (moreRecords, moreBytes) => {
      records += moreRecords;
      bytes += moreBytes;
    },
    remove: (fewerRecords, fewerBytes) => {
      records -= fewerRecords;
      bytes -= fewerBytes;
    },
    isFull: () => bytes >= maxBytes,
    get records() {
      return records;
    },
    get bytes() {
      return bytes;
    },
  };
}
