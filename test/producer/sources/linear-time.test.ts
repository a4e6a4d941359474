import fc from 'fast-check';
import { createCloudfrontReader } from '../../../formats/cloudfront';
import { readCombined, readCommon } from '../../../formats/combined';
import { readJsonAccess } from '../../../formats/json-access';
import type { LineReader } from '../../../formats/line-reader';
import { createNdjsonReader } from '../../../formats/ndjson';
import { compileTemplate } from '../../../producer/sources/template';
import { formatDate } from '../../../producer/sources/template-dates';
import { fastestTime } from '../../support/fastest-time';

const lineBytes = 256 * 1024;
/** Outside of Jest, whose sandbox looks up `String` anew each time, the slowest line known takes 50. */
const enoughMs = 1_000;
const columns = '#Fields: date time c-ip cs-uri-stem cs(Referer) cs(User-Agent)';

const beforeRequest = '203.0.113.9 - - [17/May/2015:10:05:03 +0000] "';
const beforeFields = `${beforeRequest}GET / HTTP/1.1" 200 5`;
const json = '{"time":"2015-05-17T10:05:03Z","remote_addr":"203.0.113.9"';
const tabbed = '2015-05-17\t10:05:03\t203.0.113.9\t/\t-\t';

/** By format, its reader, how lines may begin that are read to their end, and what they are made of. */
const formats: Readonly<Record<string, readonly [() => LineReader, readonly string[], readonly string[]]>> = {
  combined: [
    () => readCombined,
    ['', '203.0.113.9 - - ', beforeRequest, beforeFields, `${beforeFields} "r" "u" `],
    ['a', '"', ' ', '\\', '\\"', '[', ' [', '] ', '] "', '" "', ' "a"', '1', ' 200'],
  ],
  common: [
    () => readCommon,
    ['', beforeRequest, `${beforeFields} `],
    ['a', '"', ' ', '\\', ' [', '] "', ' a'],
  ],
  'json-access': [
    () => readJsonAccess,
    ['', `${json},"request":"GET `, `${json},"uri":"/`, '{"time":"[', '{"time":"1', `${json},"x":`],
    ['a', ' ', '[', ']', '1', '.', '\\"', '{"a":', 'HTTP/1'],
  ],
  cloudfront: [
    () => {
      const read = createCloudfrontReader();
      read(Buffer.from(columns), { file: 1, line: 1 });
      return read;
    },
    ['', '#Fields:', tabbed, `${tabbed}%20`],
    ['a', ' ', '\t', '%', '%25', '%2', '%2520', '#'],
  ],
  ndjson: [
    () => createNdjsonReader(),
    ['', '{"timestamp":"', '{"visitorId":"', '{"o":'],
    ['1', '[', '{"a":', '\\\\', ':'],
  ],
};

describe('A line of 256 KiB takes no longer than its length says', () => {
  it.each(Object.keys(formats))('in the format %s', (name) => {
    const [reader, beginnings, fragments] = formats[name]!;
    const lines = fc
      .tuple(
        fc.constantFrom(...beginnings),
        fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('', '"', '"}', 'x', '\t'),
      )
      .map(([beginning, unit, end]) => {
        const text = unit.join('');
        return Buffer.from(beginning + text.repeat(lineBytes / text.length) + end);
      });
    fc.assert(
      fc.property(lines, (line) => {
        const read = reader();
        const took = fastestTime(enoughMs, () => {
          const reading = read(line, { file: 1, line: 2 });
          if (reading?.ok) reading.outgoing(0);
        });
        expect(took).toBeLessThan(enoughMs);
      }),
      { numRuns: 100 },
    );
  });
});

/** By the square it takes more than four seconds. */
const templateMs = 2_000;

describe('A template takes no longer than its length says', () => {
  it('with thousands of placeholders before a great many blanks', () => {
    const text = `[${'"{{random.word}}",'.repeat(4_000)}${' \n'.repeat(lineBytes)}0]`;
    const read = () => expect(compileTemplate(text).ok).toBe(true);
    expect(fastestTime(templateMs, read)).toBeLessThan(templateMs);
  });

  it('with a format of brackets that stay open', () => {
    const format = '['.repeat(lineBytes / 4);
    expect(fastestTime(enoughMs, () => formatDate(0, format))).toBeLessThan(enoughMs);
    expect(formatDate(0, '[[YYYY]')).toBe('[YYYY');
  });
});
