import { writeUnits } from '../../cost/table/item-size';

/** Writes of one sort, and what the table charges for them. Numbers need not be whole: some writes stand for others. */
export interface LedgerLine {
  /** For example `page by minute`. */
  readonly sort: string;
  readonly writes: number;
  /** Of the items after the write, added up over the writes. */
  readonly bytes: number;
  readonly units: number;
}

export interface Ledger {
  line(sort: string): Charging;
  lines(): readonly LedgerLine[];
}

/** Takes in writes of one sort. */
export interface Charging {
  /**
   * @param bytes of the item
   * @param times how many such writes there are
   * @param factor units a kilobyte: 2 in a transaction
   */
  charge(bytes: number, times: number, factor?: number): void;
}

export function createLedger(): Ledger {
  const lines = new Map<string, { writes: number; bytes: number; units: number } & Charging>();
  return {
    line(sort) {
      const known = lines.get(sort);
      if (known) return known;
      const made = {
        writes: 0,
        bytes: 0,
        units: 0,
        charge(bytes: number, times: number, factor = 1) {
          made.writes += times;
          made.bytes += times * bytes;
          made.units += times * factor * writeUnits(bytes);
        },
      };
      lines.set(sort, made);
      return made;
    },
    lines: () =>
      [...lines]
        .filter(([, { writes }]) => writes > 0)
        .map(([sort, { writes, bytes, units }]) => ({ sort, writes, bytes, units })),
  };
}
