import fc from 'fast-check';
import {
  countForNextBatch,
  eventJson,
  MAX_PAYLOAD_BYTES,
  sourceRecords,
} from '../../../local/firehose/processor-event';
import { bytesField, kplAggregate, sealed } from '../../support/kpl-encoder';
import { encoded, SHARD } from './harness';

const SOURCE = {
  deliveryStreamArn: 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/click-archive',
  sourceStreamArn: 'arn:aws:kinesis:eu-central-1:111122223333:stream/clicks',
  region: 'eu-central-1',
};
const SEQUENCE_NUMBER = '49661076801743525278240094264031636452583540156006400002';
const MIB = 1024 * 1024;

const unpacked = (data: Uint8Array, partitionKey = 'visitor-7') =>
  sourceRecords(
    SHARD,
    { sequenceNumber: SEQUENCE_NUMBER, partitionKey, data, arrivedAt: 1_664_028_820_148 },
    0,
  );
const record = (data: Uint8Array, partitionKey = 'visitor-7') => unpacked(data, partitionKey)[0]!;

describe('the transformation event', () => {
  it('is that of a Kinesis source, member for member', () => {
    const recordId = `${SHARD}${'0'.repeat(64)}${SEQUENCE_NUMBER}${'0'.repeat(12)}`;
    expect(eventJson([record(Buffer.from('Café'))], SOURCE, 'invocation-1')).toBe(
      `{"invocationId":"invocation-1","sourceKinesisStreamArn":"${SOURCE.sourceStreamArn}",` +
        `"deliveryStreamArn":"${SOURCE.deliveryStreamArn}","region":"eu-central-1","records":[` +
        `{"recordId":"${recordId}","approximateArrivalTimestamp":1664028820148,"data":"Q2Fmw6k=",` +
        `"kinesisRecordMetadata":{"sequenceNumber":"${SEQUENCE_NUMBER}","subsequenceNumber":0,` +
        `"partitionKey":"visitor-7","shardId":"${SHARD}","approximateArrivalTimestamp":1664028820148}}]}`,
    );
  });

  it('has the records of a KPL aggregate, each with its subsequence number, its key and an id of its own', () => {
    const aggregate = kplAggregate([
      { data: 'one', partitionKey: 'visitor-8' },
      { data: 'two', partitionKey: 'visitor-9' },
    ]);
    const { records } = JSON.parse(eventJson(unpacked(aggregate), SOURCE, 'i'));
    const place = {
      sequenceNumber: SEQUENCE_NUMBER,
      shardId: SHARD,
      approximateArrivalTimestamp: 1_664_028_820_148,
    };
    expect(records).toEqual([
      {
        recordId: `${SHARD}${'0'.repeat(64)}${SEQUENCE_NUMBER}000000000000`,
        approximateArrivalTimestamp: 1_664_028_820_148,
        data: encoded('one'),
        kinesisRecordMetadata: { ...place, subsequenceNumber: 0, partitionKey: 'visitor-8' },
      },
      {
        recordId: `${SHARD}${'0'.repeat(64)}${SEQUENCE_NUMBER}000000000001`,
        approximateArrivalTimestamp: 1_664_028_820_148,
        data: encoded('two'),
        kinesisRecordMetadata: { ...place, subsequenceNumber: 1, partitionKey: 'visitor-9' },
      },
    ]);
  });

  it('has an aggregate of no records, or with a wrong digest, as it stands', () => {
    const empty = sealed(bytesField(1, Buffer.from('visitor-8')));
    const damaged = kplAggregate(['one', 'two']);
    damaged[damaged.length - 1]! ^= 1;
    for (const data of [empty, damaged]) {
      expect(unpacked(data)).toMatchObject([
        { data, partitionKey: 'visitor-7', subsequenceNumber: 0, isLast: true },
      ]);
    }
  });

  it('has an empty string for empty data', () => {
    expect(eventJson([record(Buffer.alloc(0))], SOURCE, 'i')).toContain('"data":""');
  });

  it('takes records up to the size of the buffer, in raw bytes', () => {
    const kib = record(Buffer.alloc(1024));
    expect(countForNextBatch(Array(300).fill(kib), 0.25, SOURCE)).toBe(256);
    expect(countForNextBatch(Array(100).fill(kib), 0.25, SOURCE)).toBe(100);
  });

  it('takes one record at least, however large', () => {
    expect(countForNextBatch([record(Buffer.alloc(2 * MIB)), record(Buffer.alloc(1))], 0.2, SOURCE)).toBe(1);
    expect(countForNextBatch([record(Buffer.alloc(8 * MIB))], 3, SOURCE)).toBe(1);
  });

  it('takes records of 1,000 KiB and more whole, as Kinesis gives them', () => {
    const large = record(Buffer.alloc(1_048_576));
    expect(countForNextBatch([large, large, large], 3, SOURCE)).toBe(3);
  });

  it('stays below 6 MB and leaves nothing out that would fit, for any records', () => {
    const records = fc.array(
      fc.record({
        size: fc.integer({ min: 0, max: MIB }),
        key: fc.string({ unit: 'grapheme', minLength: 1 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(records, (shapes) => {
        const all = shapes.map(({ size, key }) => record(Buffer.alloc(size), key));
        const count = countForNextBatch(all, 100, SOURCE);
        const bytes = (n: number) => Buffer.byteLength(eventJson(all.slice(0, n), SOURCE, 'x'.repeat(36)));
        expect(bytes(count)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
        if (count < all.length) expect(bytes(count + 1)).toBeGreaterThan(MAX_PAYLOAD_BYTES - 2);
      }),
      { numRuns: 30 },
    );
  });
});
