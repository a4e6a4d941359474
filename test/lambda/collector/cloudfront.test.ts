import { isSameSecret, viewerAddress } from '../../../lambda/collector/cloudfront';

describe('CloudFront-Viewer-Address', () => {
  it.each([
    ['198.51.100.10:46532', '198.51.100.10'],
    ['2001:db8::7:46532', '2001:db8::7'],
    ['2001:db8:0:0:0:0:0:7:443', '2001:db8:0:0:0:0:0:7'],
    ['[2001:db8::7]:46532', '2001:db8::7'],
    ['198.51.100.10', undefined],
    ['198.51.100.10:', undefined],
    ['198.51.100.10, 203.0.113.1:80', undefined],
    ['viewer:80', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is the address %s', (header, address) => {
    expect(viewerAddress(header)).toBe(address);
  });
});

it('a secret is the same or not, whatever its length', () => {
  expect(isSameSecret('abc', 'abc')).toBe(true);
  expect(['', 'ab', 'abcd', 'ABC', undefined].map((given) => isSameSecret(given, 'abc'))).toEqual(
    Array(5).fill(false),
  );
});
