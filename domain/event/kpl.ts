import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A record inside an aggregate, as its producer would have put it by itself. */
export interface InnerRecord {
  /** Empty if the aggregate's table does not have it. */
  readonly partitionKey: string;
  /** Decimal, from 0 to 2^128 − 1. */
  readonly explicitHashKey?: string;
  /** A view of the aggregate's bytes. */
  readonly data: Uint8Array;
}

const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const magicBytes = magic.length;
const digestBytes = 16;
/** What an aggregate has beside its message. */
export const envelopeBytes = magicBytes + digestBytes;

/** Field numbers of the format's messages. */
const Aggregated = { partitionKeys: 1, explicitHashKeys: 2, records: 3 } as const;
const Inner = { partitionKeyIndex: 1, explicitHashKeyIndex: 2, data: 3 } as const;

/**
 * The records inside an aggregate of the Kinesis Producer Library: four magic bytes, a protobuf message, its MD5.
 * Undefined for anything else (no magic, another digest, a message that does not parse), which is a record as it
 * stands: the rule of the Kinesis Client Library. Never throws. Memory is linear in the size of `data`, which the
 * records share.
 *
 * Unlike that library it keeps records whatever their hash keys are, and those whose partition key is missing: what
 * the stream has accepted is not lost for being in an unexpected shard.
 *
 * Format: github.com/awslabs/amazon-kinesis-producer, aggregation-format.md.
 */
export function deaggregate(data: Uint8Array): readonly InnerRecord[] | undefined {
  // Spelled out, because every record of the stream comes by here, and almost none passes.
  if (data[0] !== 0xf3 || data[1] !== 0x89 || data[2] !== 0x9a || data[3] !== 0xc2) return undefined;
  const end = data.length - digestBytes;
  if (end <= magicBytes) return undefined;
  const message = data.subarray(magicBytes, end);
  if (!md5(message).equals(data.subarray(end))) return undefined;
  try {
    return readAggregate(new BinaryReader(message));
  } catch {
    return undefined;
  }
}

/** Loaded when it is needed: it takes longer than all else that a function loads to read events. */
function md5(bytes: Uint8Array): Buffer {
  return process.getBuiltinModule('node:crypto').hash('md5', bytes, 'buffer');
}

/** The aggregate of some records, as `deaggregate` reads it. */
export function aggregate(records: readonly InnerRecord[]): Buffer {
  const partitionKeys = places(records.map(({ partitionKey }) => partitionKey));
  const hashKeys = places(records.flatMap(({ explicitHashKey }) => explicitHashKey ?? []));
  const writer = new BinaryWriter();
  const bytes = WireType.LengthDelimited;
  for (const key of partitionKeys.keys()) writer.tag(Aggregated.partitionKeys, bytes).string(key);
  for (const key of hashKeys.keys()) writer.tag(Aggregated.explicitHashKeys, bytes).string(key);
  for (const { partitionKey, explicitHashKey, data } of records) {
    writer.tag(Aggregated.records, bytes).fork();
    writer.tag(Inner.partitionKeyIndex, WireType.Varint).uint32(partitionKeys.get(partitionKey)!);
    if (explicitHashKey !== undefined) {
      writer.tag(Inner.explicitHashKeyIndex, WireType.Varint).uint32(hashKeys.get(explicitHashKey)!);
    }
    writer.tag(Inner.data, bytes).bytes(data).join();
  }
  const message = writer.finish();
  return Buffer.concat([magic, message, md5(message)]);
}

/** Where each key stands in its table, which has every key once. */
function places(keys: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(keys)].map((key, index) => [key, index]));
}

/** A record as a consumer gets it that unpacks aggregates: an inner one, or the record itself, without a key then. */
export type UnpackedRecord = Pick<InnerRecord, 'data'> & Partial<InnerRecord>;

/**
 * What stands in a record of the stream, by subsequence number: the records of an aggregate, or the record itself.
 * An aggregate of no records is handed on as it is, so that it is not lost without a trace.
 */
export function unpack(data: Uint8Array): readonly UnpackedRecord[] {
  const inner = deaggregate(data);
  return inner && inner.length > 0 ? inner : [{ data }];
}

/** @throws for bytes that are no such message */
function readAggregate(reader: BinaryReader): InnerRecord[] {
  const partitionKeys: string[] = [];
  const explicitHashKeys: string[] = [];
  const records: IndexedRecord[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type !== WireType.LengthDelimited) reader.skip(type, field);
    else if (field === Aggregated.partitionKeys) partitionKeys.push(reader.string());
    else if (field === Aggregated.explicitHashKeys) explicitHashKeys.push(reader.string());
    else if (field === Aggregated.records) records.push(readInner(reader));
    else reader.skip(type, field);
  }
  return records.map(({ partitionKeyIndex, explicitHashKeyIndex, data }) => {
    const explicitHashKey =
      explicitHashKeyIndex === undefined ? undefined : explicitHashKeys[explicitHashKeyIndex];
    return {
      partitionKey: partitionKeys[partitionKeyIndex] ?? '',
      ...(explicitHashKey === undefined ? {} : { explicitHashKey }),
      data,
    };
  });
}

/** A record as the message has it: its keys are in the tables of the aggregate, which may stand behind it. */
interface IndexedRecord {
  readonly partitionKeyIndex: number;
  readonly explicitHashKeyIndex: number | undefined;
  readonly data: Uint8Array;
}

function readInner(reader: BinaryReader): IndexedRecord {
  let partitionKeyIndex: number | undefined;
  let explicitHashKeyIndex: number | undefined;
  let data: Uint8Array | undefined;
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('inner record ends behind its aggregate');
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field === Inner.partitionKeyIndex && type === WireType.Varint) partitionKeyIndex = reader.uint32();
    else if (field === Inner.explicitHashKeyIndex && type === WireType.Varint)
      explicitHashKeyIndex = reader.uint32();
    else if (field === Inner.data && type === WireType.LengthDelimited) data = reader.bytes();
    else reader.skip(type, field);
  }
  if (reader.pos !== end) throw new RangeError('field ends behind its inner record');
  if (partitionKeyIndex === undefined || data === undefined) throw new TypeError('required field is missing');
  return { partitionKeyIndex, explicitHashKeyIndex, data };
}
