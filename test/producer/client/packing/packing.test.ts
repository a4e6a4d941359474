import fc from 'fast-check';
import type { OutgoingEvent } from '../../../../producer/client/outgoing-event';
import { createPacker, type Packing } from '../../../../producer/client/packing/packer';
import { decodeAggregate } from './decode-aggregate';

const event = (data: string, partitionKey = 'visitor-1'): OutgoingEvent => ({
  data: Buffer.from(data),
  partitionKey,
});

/** Fills one record with as many of the events as go in, in order. */
function pack(packing: Packing, events: readonly OutgoingEvent[], packBytes?: number) {
  const open = createPacker(packing, packBytes).begin(events[0]!);
  if (!open) return undefined;
  let count = 1;
  while (count < events.length && open.add(events[count]!)) count++;
  return { data: Buffer.from(open.seal()), count };
}

describe('packing as NDJSON', () => {
  it('joins events with line feeds, and ends without one', () => {
    expect(pack('ndjson', [event('{"a":1}'), event('{"b":2}'), event('{}')])?.data.toString()).toBe(
      '{"a":1}\n{"b":2}\n{}',
    );
  });

  it.each([
    ['holds a line feed', '{"a":\n1}'],
    ['is blank', '  '],
    ['is empty', ''],
    ['is no object', '17'],
    ['was cut off', '{"a":1'],
    ['has blanks around it', ' {"a":1} '],
  ])('gives an event that %s a record to itself', (_, text) => {
    expect(pack('ndjson', [event(text), event('{}')])).toBeUndefined();
    expect(pack('ndjson', [event('{}'), event(text)])).toMatchObject({ count: 1 });
  });

  it('fills a record to the last byte, the first event’s key counted', () => {
    const filler = (bytes: number) => event(`{"f":"${'x'.repeat(bytes - 8)}"}`, 'ключ');
    // 8 bytes of key, 400 and 616 of data and a line feed.
    const fits = pack('ndjson', [filler(400), filler(616 - 1)], 1024);
    expect(fits).toMatchObject({ count: 2 });
    expect(fits!.data.length + 8).toBe(1024);
    expect(pack('ndjson', [filler(400), filler(616)], 1024)).toMatchObject({ count: 1 });
  });
});

describe('packing as KPL aggregates', () => {
  const keys = fc.oneof(
    fc.constantFrom('a', 'b', 'ключ'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  );
  const anyEvent = fc
    .tuple(fc.uint8Array({ maxLength: 400 }), keys)
    .map(([data, partitionKey]): OutgoingEvent => ({ data, partitionKey }));

  it('is read by a decoder that knows the format’s description alone', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 300 }), (events) => {
        const { data, count } = pack('kpl', events)!;
        const wellFormed = (text: string) => Buffer.from(text).toString();
        expect(decodeAggregate(data)).toEqual(
          events.slice(0, count).map(({ data, partitionKey }) => ({
            partitionKey: wellFormed(partitionKey),
            explicitHashKey: undefined,
            data: Buffer.from(data),
          })),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('knows the size of a record before it is made', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 1024, max: 4000 }),
        (events, packBytes) => {
          const { data, count } = pack('kpl', events, packBytes)!;
          const keyBytes = Buffer.byteLength(events[0]!.partitionKey);
          if (count > 1) expect(data.length + keyBytes).toBeLessThanOrEqual(packBytes);
          if (count === events.length) return;
          const withNext = pack('kpl', events.slice(0, count + 1), 1024 * 1024)!;
          expect(withNext.data.length + keyBytes).toBeGreaterThan(packBytes);
        },
      ),
    );
  });

  it('has the bytes of the format', () => {
    const { data } = pack('kpl', [event('one', 'k'), event('two', 'k')])!;
    const message = '0a016b' + '1a070800' + '1a036f6e65' + '1a070800' + '1a0374776f';
    expect(data.toString('hex')).toBe(`f3899ac2${message}4b3cbd0c236eeab538ceb004bc801de0`);
  });
});

describe('a packer', () => {
  it('packs nothing where it was told so', () => {
    expect(pack('none', [event('{}'), event('{}')])).toBeUndefined();
  });

  it.each([1023, 1024 * 1024 + 1, Number.NaN])('refuses records of %d bytes', (packBytes) => {
    expect(() => createPacker('ndjson', packBytes)).toThrow(
      `packBytes is ${packBytes}; allowed: 1024 to 1048576`,
    );
  });
});
