/** AWS's pricing pages say that a KB is 1,024 bytes where they say it at all (Kinesis on demand); so for the rest. */
export const kib = 1024;
export const mib = 1024 * kib;
export const gib = 1024 * mib;

export const million = 1_000_000;
export const secondsPerHour = 3_600;
export const hoursPerDay = 24;

/** The month of AWS's own calculator. */
export const hoursPerMonth = 730;
export const secondsPerMonth = hoursPerMonth * secondsPerHour;

/** Whole units of `unitBytes` that something of `bytes` is billed as; at least one. */
export function billedUnits(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}
