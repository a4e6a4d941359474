/** An attribute's value as DynamoDB's wire format has it, as far as the table uses it. */
export type SizedValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean };

/** A write is charged by the whole item, rounded up to this (AWS docs: DynamoDB read and write operations). */
const writeUnitBytes = 1_024;
const readUnitBytes = 4_096;

/** What DynamoDB adds to each item where it charges for storage (AWS docs: DynamoDB item sizes). */
export const storedOverheadBytes = 100;

/** @param bytes of the item, before or after the write: the larger */
export function writeUnits(bytes: number): number {
  return wholeUnits(bytes, writeUnitBytes);
}

/** Of a consistent read. */
export function readUnits(bytes: number): number {
  return wholeUnits(bytes, readUnitBytes);
}

/** One at least. */
function wholeUnits(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}

export function itemBytes(item: Readonly<Record<string, SizedValue>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + attributeBytes(name, value), 0);
}

/** Bytes of an attribute: its name and its value (AWS docs: DynamoDB item sizes and formats). */
export function attributeBytes(name: string, value: SizedValue): number {
  return Buffer.byteLength(name) + valueBytes(value);
}

function valueBytes(value: SizedValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('B' in value) return value.B.byteLength;
  return 1;
}

/** A byte for each two significant digits, and one more; zeros at either end are not significant. */
export function numberBytes(number: string): number {
  const digits = number.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(digits / 2) + 1;
}
