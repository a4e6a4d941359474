import fc from 'fast-check';
import { type ArchivePlace, maxPlaceBytes, writePlace } from '../../../domain/archive/place-members';

const start = Date.parse('2026-03-01T10:00:00.000Z');

/** Few shards and seconds, so that what is remembered of them meets what differs. */
const places: fc.Arbitrary<ArchivePlace> = fc.record({
  arrivedAt: fc.oneof(
    fc.integer({ min: start, max: start + 3_000 }),
    fc.double({ min: start, max: start + 3_000, noNaN: true }),
    fc.constant(Date.UTC(12_000, 0)),
  ),
  shardId: fc.constantFrom('shardId-000000000001', 'shardId-000000000002', 'größe"\n', ''),
  sequenceNumber: fc.oneof(
    fc.stringMatching(/^\d{0,130}$/),
    fc.string({ unit: 'binary', maxLength: 20 }),
    // Latin-1 would take the last one for digits.
    fc.constantFrom('1234"678', '123456789/', '12345678:', '\u0131\u0132\u0133\u0134'),
  ),
  subSequenceNumber: fc.oneof(fc.constant(0), fc.maxSafeNat()),
});

describe('The members of a place', () => {
  it('are those that `JSON.stringify` prints, whatever was written before, within their most bytes', () => {
    fc.assert(
      fc.property(fc.array(places, { maxLength: 10 }), fc.nat(9), (several, from) => {
        for (const place of several) {
          const most = maxPlaceBytes(place);
          const into = Buffer.alloc(from + most + 1, '#');
          expect(writePlace(place, into, from, 2)).toBe(-1);
          expect(into.every((byte) => byte === 0x23)).toBe(true);
          const end = writePlace(place, into, from, 1);
          const arrivedAt = new Date(place.arrivedAt).toISOString();
          expect(`{${into.toString('utf8', from + 1, end)}}`).toBe(JSON.stringify({ ...place, arrivedAt }));
          expect(into[from]).toBe(0x2c);
          expect(end - from).toBeLessThanOrEqual(most);
          expect(into.subarray(end).every((byte) => byte === 0x23)).toBe(true);
          expect(into.subarray(0, from).every((byte) => byte === 0x23)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('cannot be those of no time', () => {
    const place = { arrivedAt: Number.NaN, shardId: 's', sequenceNumber: '1', subSequenceNumber: 0 };
    expect(() => writePlace(place, Buffer.alloc(1_000), 0, 0)).toThrow(RangeError);
  });
});
