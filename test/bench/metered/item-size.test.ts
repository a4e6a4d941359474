import {
  attributeBytes,
  itemBytes,
  numberBytes,
  readUnits,
  writeUnits,
} from '../../../bench/metered/item-size';

describe('The size of an item', () => {
  it.each([
    ['0', 1],
    ['7', 2],
    ['10', 2],
    ['42', 2],
    ['123', 3],
    ['1000000', 2],
    ['1769248800', 5],
    ['1769248811', 6],
    ['-12.50', 3],
  ])('counts a byte for two digits of %s that say something, and one more', (number, bytes) => {
    expect(numberBytes(number)).toBe(bytes);
  });

  it('adds names and values in UTF-8', () => {
    expect(attributeBytes('n:/café', { N: '123' })).toBe(8 + 3);
    expect(
      itemBytes({
        pk: { S: 'page#17' },
        hashes: { B: new Uint8Array(24) },
        dense: { BOOL: true },
      }),
    ).toBe(2 + 7 + 6 + 24 + 5 + 1);
  });

  it.each([
    [1, 1, 1],
    [1_024, 1, 1],
    [1_025, 2, 1],
    [4_096, 4, 1],
    [4_097, 5, 2],
  ])('charges %d bytes as %d units for a write and %d for a read', (bytes, write, read) => {
    expect({ write: writeUnits(bytes), read: readUnits(bytes) }).toEqual({ write, read });
  });
});
