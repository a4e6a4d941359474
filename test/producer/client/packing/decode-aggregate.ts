import { createHash } from 'node:crypto';

export interface InnerRecord {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly data: Buffer;
}

/**
 * Reads an aggregated record by the description of the format: magic, protobuf, MD5. It shares nothing with
 * the encoder, and knows no library. Undefined for bytes that are no such record.
 */
export function decodeAggregate(record: Uint8Array): InnerRecord[] | undefined {
  const bytes = Buffer.from(record);
  if (bytes.length < 20 || bytes.readUInt32BE(0) !== 0xf3899ac2) return undefined;
  const message = bytes.subarray(4, -16);
  if (!createHash('md5').update(message).digest().equals(bytes.subarray(-16))) return undefined;

  const partitionKeys: string[] = [];
  const hashKeys: string[] = [];
  const inner: { key: number; hashKey: number | undefined; data: Buffer }[] = [];
  for (const { number, value } of fields(message)) {
    if (typeof value === 'number') throw new Error(`field ${number} of an AggregatedRecord is a varint`);
    if (number === 1) partitionKeys.push(value.toString());
    else if (number === 2) hashKeys.push(value.toString());
    else if (number === 3) inner.push(innerRecord(value));
    else throw new Error(`an AggregatedRecord has no field ${number}`);
  }
  return inner.map(({ key, hashKey, data }) => ({
    partitionKey: partitionKeys[key]!,
    explicitHashKey: hashKey === undefined ? undefined : hashKeys[hashKey]!,
    data,
  }));
}

function innerRecord(bytes: Buffer) {
  let key: number | undefined;
  let hashKey: number | undefined;
  let data: Buffer | undefined;
  for (const { number, value } of fields(bytes)) {
    if (number === 1 && typeof value === 'number') key = value;
    else if (number === 2 && typeof value === 'number') hashKey = value;
    else if (number === 3 && typeof value !== 'number') data = value;
    else throw new Error(`field ${number} of a Record is none of those in use`);
  }
  if (key === undefined || data === undefined) throw new Error('a Record lacks its key or its data');
  return { key, hashKey, data };
}

function* fields(bytes: Buffer): Generator<{ number: number; value: number | Buffer }> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte % 128) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (tag % 8 === 0) yield { number, value: varint() };
    else if (tag % 8 === 2) {
      const length = varint();
      if (at + length > bytes.length) throw new Error('a field ends after its message');
      yield { number, value: bytes.subarray(at, at + length) };
      at += length;
    } else throw new Error(`wire type ${tag % 8} does not occur in the format`);
  }
}
