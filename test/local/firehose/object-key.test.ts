import type { DeliveryStreamSpec } from '../../../local/deployment';
import { compileObjectKeys } from '../../../local/firehose/object-key';
import { streamSpec } from './harness';

const OLDEST = Date.parse('2026-03-07T23:58:59.999Z');

const keysOf = (overrides: Partial<DeliveryStreamSpec>, random = () => 0.5) => {
  const keys = compileObjectKeys(streamSpec(overrides), { uuid: () => 'U-U-I-D', random });
  return { data: keys.data(OLDEST), errors: keys.errors(OLDEST) };
};

describe('an object key', () => {
  it('is the prefix, the stream, version 1, the oldest arrival and a uuid', () => {
    expect(keysOf({}).data).toBe('data/hour=23/click-archive-1-2026-03-07-23-58-59-U-U-I-D.gz');
  });

  it('shows one instant everywhere, in the time zone of the delivery stream', () => {
    const { data } = keysOf({ prefix: '!{timestamp:yyyy-MM-dd}/!{timestamp:HH}/', timeZone: 'Asia/Tokyo' });
    expect(data).toBe('2026-03-08/08/click-archive-1-2026-03-08-08-58-59-U-U-I-D.gz');
  });

  it('takes its extension from the compression, unless a file extension replaces it', () => {
    expect(keysOf({ compression: 'UNCOMPRESSED' }).data).toMatch(/U-U-I-D$/);
    expect(keysOf({ fileExtension: '.ndjson.gz' }).data).toMatch(/U-U-I-D\.ndjson\.gz$/);
    expect(keysOf({ fileExtension: '.txt' }).errors).toMatch(/U-U-I-D\.txt$/);
    expect(keysOf({ fileExtension: '' }).data).toMatch(/U-U-I-D\.gz$/);
  });

  it('draws a new random string of 11 characters at each use', () => {
    let draws = 0;
    const { data } = keysOf(
      { prefix: '!{firehose:random-string}/!{firehose:random-string}/' },
      () => draws++ / 100,
    );
    const [first, second] = data.split('/');
    expect(first).toMatch(/^[A-Za-z0-9]{11}$/);
    expect(second).toMatch(/^[A-Za-z0-9]{11}$/);
    expect(first).not.toBe(second);
  });

  it('names the kind of failure in the error prefix', () => {
    expect(keysOf({}).errors).toBe('errors/processing-failed/click-archive-1-2026-03-07-23-58-59-U-U-I-D.gz');
  });

  it('has a date path where the prefix has no expression, with no slash of its own before it', () => {
    expect(keysOf({ prefix: '', errorOutputPrefix: '' })).toEqual({
      data: '2026/03/07/23/click-archive-1-2026-03-07-23-58-59-U-U-I-D.gz',
      errors: 'processing-failed/2026/03/07/23/click-archive-1-2026-03-07-23-58-59-U-U-I-D.gz',
    });
    const literal = keysOf({ prefix: 'legacy', errorOutputPrefix: '' });
    expect(literal.data).toMatch(/^legacy2026\/03\/07\/23\/click/);
    expect(literal.errors).toMatch(/^legacyprocessing-failed\/2026\/03\/07\/23\/click/);
  });

  it.each<[string, Partial<DeliveryStreamSpec>, RegExp]>([
    [
      'an expression in Prefix without an error prefix',
      { errorOutputPrefix: '' },
      /ErrorOutputPrefix is required/,
    ],
    [
      'an error prefix with expressions but no error type',
      { errorOutputPrefix: 'errors/!{timestamp:yyyy}/' },
      /must contain !\{firehose:error-output-type\}/,
    ],
    [
      'the error type in the data prefix',
      { prefix: '!{firehose:error-output-type}/' },
      /Prefix: expression !\{firehose:error-output-type\} is not supported/,
    ],
    [
      'dynamic partitioning',
      { prefix: '!{partitionKeyFromLambda:page}/' },
      /!\{partitionKeyFromLambda:page\} is not supported; allowed are timestamp:<pattern>/,
    ],
    ['the week-based year', { prefix: 'year=!{timestamp:YYYY}/' }, /week-based year/],
    ['an open expression', { prefix: 'year=!{timestamp:yyyy', errorOutputPrefix: 'errors/' }, /not closed/],
    ['a prefix that is too long', { prefix: `${'x'.repeat(600)}!{timestamp:yyyy}/` }, /at most 512/],
    ['an unknown time zone', { timeZone: 'Nowhere' }, /Nowhere/],
  ])('is refused with %s', (_, overrides, message) => {
    expect(() => keysOf(overrides)).toThrow(message);
  });
});
