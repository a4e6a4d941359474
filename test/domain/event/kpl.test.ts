import fc from 'fast-check';
import { deaggregate, unpack } from '../../../domain/event/kpl';
import { aggregateMessage, bytesField, kplAggregate, sealed, varintField } from '../../support/kpl-encoder';

const texts = (data: Uint8Array) => deaggregate(data)?.map((record) => Buffer.from(record.data).toString());

const table = bytesField(1, Buffer.from('visitor-1'));
const inner = (...fields: Buffer[]) => bytesField(3, Buffer.concat(fields));
const good = inner(varintField(1, 0), bytesField(3, Buffer.from('good')));

const packedRecord = fc.record(
  {
    data: fc.uint8Array({ maxLength: 300 }),
    partitionKey: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    explicitHashKey: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String),
  },
  { requiredKeys: ['data', 'partitionKey'] },
);

describe('An aggregate', () => {
  it('gives its records in order, each with its data and its keys', () => {
    fc.assert(
      fc.property(fc.array(packedRecord, { minLength: 1, maxLength: 30 }), (records) => {
        const unpacked = deaggregate(kplAggregate(records));
        expect(unpacked?.map((record) => ({ ...record, data: new Uint8Array(record.data) }))).toEqual(
          records,
        );
      }),
    );
  });

  it('is read from the midst of a larger buffer', () => {
    const aggregate = kplAggregate(['one', 'two']);
    const within = Buffer.concat([Buffer.alloc(11, 7), aggregate, Buffer.alloc(5, 7)]);
    expect(texts(new Uint8Array(within.buffer, within.byteOffset + 11, aggregate.length))).toEqual([
      'one',
      'two',
    ]);
  });

  it('may have its tables behind its records, and fields that are new to us', () => {
    const tags = bytesField(4, bytesField(1, Buffer.from('tag')));
    const tagged = inner(varintField(1, 0), bytesField(3, Buffer.from('tagged')), tags);
    const message = Buffer.concat([tagged, varintField(9, 3), good, bytesField(8, Buffer.from('x')), table]);
    expect(deaggregate(sealed(message))?.map(({ partitionKey }) => partitionKey)).toEqual([
      'visitor-1',
      'visitor-1',
    ]);
    expect(texts(sealed(message))).toEqual(['tagged', 'good']);
  });

  it('keeps records whose keys are not in its tables', () => {
    const keyless = inner(varintField(1, 7), varintField(2, 9), bytesField(3, Buffer.from('keyless')));
    expect(deaggregate(sealed(Buffer.concat([table, keyless])))).toEqual([
      { partitionKey: '', data: Buffer.from('keyless') },
    ]);
  });

  it('may hold no records', () => {
    expect(deaggregate(sealed(table))).toEqual([]);
  });

  it('may hold records of nothing, six bytes each', () => {
    const smallest = inner(varintField(1, 0), bytesField(3, Buffer.alloc(0)));
    expect(smallest.length).toBe(6);
    const count = Math.floor((1024 * 1024) / smallest.length);
    expect(deaggregate(sealed(Buffer.alloc(count * smallest.length, smallest)))?.length).toBe(count);
  });
});

describe('A record is no aggregate', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['the magic alone', Buffer.from('f3899ac2', 'hex')],
    ['magic and digest around nothing', sealed(Buffer.alloc(0))],
    ['a text', Buffer.from('{"eventId":"1"}')],
    ['a message that is cut', sealed(aggregateMessage(['one', 'two']).subarray(0, -1))],
    ['a record without data', sealed(Buffer.concat([table, inner(varintField(1, 0))]))],
    ['a record without a key', sealed(Buffer.concat([table, inner(bytesField(3, Buffer.from('x')))]))],
    [
      'a field that ends behind its record',
      sealed(Buffer.concat([table, Buffer.from([26, 4, 8, 0, 26, 9]), good])),
    ],
    [
      'a record that ends behind the message',
      sealed(Buffer.concat([table, Buffer.from([26, 200, 1, 8, 0])])),
    ],
    ['an endless varint', sealed(Buffer.concat([table, Buffer.alloc(40, 0xff)]))],
    ['a field of number 0', sealed(Buffer.concat([table, Buffer.from([2, 0]), good]))],
    ['groups without end', sealed(Buffer.alloc(100_000, 0x2b))],
  ])('with %s', (_, bytes) => {
    expect(deaggregate(bytes)).toBeUndefined();
    expect(unpack(bytes)).toEqual([{ data: bytes }]);
  });

  it('when any one bit of it has changed', () => {
    const aggregate = kplAggregate(['one', { data: 'two', partitionKey: 'visitor-2' }]);
    for (let bit = 0; bit < aggregate.length * 8; bit++) {
      const mutated = Buffer.from(aggregate);
      mutated[bit >> 3]! ^= 1 << (bit & 7);
      expect(deaggregate(mutated)).toBeUndefined();
    }
  });
});

describe('Whatever the bytes are', () => {
  it('there is no exception, and what is read lies within the bytes', () => {
    const message = fc
      .tuple(
        fc.array(packedRecord, { maxLength: 5 }).map(aggregateMessage),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.nat(20),
      )
      .map(([bytes, edits, cut]) => {
        const mutated = Buffer.from(bytes);
        for (const [at, byte] of edits) if (mutated.length > 0) mutated[at % mutated.length] = byte;
        return mutated.subarray(0, Math.max(mutated.length - cut, 0));
      });
    // With a good digest, so that the message is read at all.
    fc.assert(
      fc.property(fc.oneof(message, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        const unpacked = deaggregate(sealed(bytes)) ?? [];
        const size = unpacked.reduce((sum, { data }) => sum + data.length, 0);
        expect(size).toBeLessThanOrEqual(bytes.length);
        expect(unpacked.length).toBeLessThanOrEqual(bytes.length / 6);
      }),
      { numRuns: 5_000 },
    );
  });

  it('what comes out of the stream is at least one record', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ maxLength: 60 }).map(sealed),
      fc.array(packedRecord, { maxLength: 3 }).map(kplAggregate),
    );
    fc.assert(
      fc.property(bytes, (data) => {
        expect(unpack(data).length).toBeGreaterThan(0);
      }),
    );
  });
});
