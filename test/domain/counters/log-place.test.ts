import fc from 'fast-check';
import { correctionAfter, furtherOf, logBegin } from '../../../domain/counters/log-place';
import { positionOf } from '../../../domain/event/position';

const sequenceNumber = fc.bigInt({ min: 0n, max: 10n ** 60n }).map(String);
const index = fc.oneof(fc.nat({ max: 12 }), fc.integer({ min: 9_999_998, max: 10_000_002 }));

describe('The place of a correction', () => {
  it('is behind its predecessor, and before every event that follows', () => {
    fc.assert(
      fc.property(sequenceNumber, index, sequenceNumber, index, (number, line, otherNumber, otherLine) => {
        const place = positionOf(number, line);
        const other = positionOf(otherNumber, otherLine);
        const first = correctionAfter(place);
        const second = correctionAfter(first);
        expect(place < first && first < second).toBe(true);
        expect(other > first).toBe(other > place);
        expect(other > second).toBe(other > place);
      }),
    );
  });

  it('may stand before the first event of all', () => {
    const first = correctionAfter(logBegin);
    expect(first).toBe('0!000001');
    expect(logBegin < first && first < positionOf('0', 0)).toBe(true);
  });

  it('goes up to a million of them, in their order, and no further', () => {
    expect(correctionAfter('0!000009')).toBe('0!000010');
    expect(correctionAfter('0!999998')).toBe('0!999999');
    expect(() => correctionAfter('0!999999')).toThrow('place 0!999999: no correction fits behind it');
  });
});

it('The further of two places is the one behind the other', () => {
  expect(furtherOf('001:8:0000001', '001:7:0000002')).toBe('001:8:0000001');
  expect(furtherOf(logBegin, '001:7:0000002')).toBe('001:7:0000002');
});
