import fc from 'fast-check';
import { optionalFields, requiredFields } from '../../domain/event/click-event';
import { reservedFields } from '../../domain/event/record';

/** Few names, so that they meet; among them names that differ in case alone, names that are escaped, beyond ASCII, forbidden, and parts of others. */
const names = [
  ...requiredFields,
  ...optionalFields,
  ...reservedFields,
  'event',
  'eventIdx',
  'größe',
  '',
  'x',
  'yy',
  '__proto__',
  'toString',
  'status',
  'Status',
  'PAGE',
  'arrivedat',
  'GRÖSSE',
].flatMap((name) => [JSON.stringify(name), JSON.stringify(name)]);
const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...names) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"p\\u0061ge"', '"\\u005f_proto__"', '"a\\/b"', '"a/b"', '"\\ud800"'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)) },
);

const recent = fc.date({
  min: new Date('2026-02-28T00:00:00Z'),
  max: new Date('2026-03-01T10:14:00Z'),
  noInvalidDate: true,
});
const two = (part: number) => String(part).padStart(2, '0');
const timestamp = fc.oneof(
  { weight: 8, arbitrary: recent.map((date) => date.toISOString()) },
  { weight: 2, arbitrary: recent.map((date) => date.toISOString().replace(/\.\d+Z/, '+02:00')) },
  { weight: 1, arbitrary: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(10_001), fc.nat(14), fc.nat(33), fc.nat(25), fc.nat(61), fc.nat(61), fc.nat(999))
      .map(([year, month, day, hour, minute, second, ms]) => {
        const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
        return `${date}T${two(hour)}:${two(minute)}:${two(second)}.${String(ms).padStart(3, '0')}Z`;
      }),
  },
);

const value: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('"a"', '"/docs"', '""', '"Caf\u00e9"', '"\\/a\\"b"', '"\ud83d\ude00"', 'null'),
  },
  { weight: 2, arbitrary: timestamp.map((text) => JSON.stringify(text)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('0', '-1.5e+7', 'true', 'false', '[]', '{}', '{"a":1,"a":2}', '{"page":1}'),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((any) => JSON.stringify(any)) },
);

const blank = fc.oneof(
  { weight: 12, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\t', '\r', '\n', '\r\n ') },
);

const member = fc
  .tuple(name, blank, blank, value)
  .map((parts) => `${parts[0]}${parts[1]}:${parts[2]}${parts[3]}`);

/** Members that make an event, in some order, with others between them, some of which spoil it. */
const object = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant([...requiredFields]) },
      { weight: 1, arbitrary: fc.subarray([...requiredFields], { minLength: requiredFields.length - 1 }) },
    ),
    timestamp,
    fc.array(member, { maxLength: 3 }),
    fc.array(fc.nat(), { minLength: 10, maxLength: 10 }),
    blank,
  )
  .map(([required, at, others, order, space]) => {
    const own = required.map((field) => `"${field}":${field === 'timestamp' ? `"${at}"` : '"a"'}`);
    const shuffled = [...own, ...others]
      .map((text, index) => ({ text, key: order[index % order.length]! % 7 }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ text }) => text);
    return `{${space}${shuffled.join(`,${space}`)}${space}}`;
  });

const edit = fc.tuple(
  fc.nat(),
  fc.nat(3),
  fc.oneof(
    fc.constantFrom('', ...'{}[]",:\\ \n\r\t\0eE-+.0519aZ', '"x":1,', 'null', '\\u00e9', '\\ud800'),
    fc.constantFrom('\xff', '\xc3', '\xa9', '\xc3\xa9', '\xed\xa0\x80'),
  ),
);

/**
 * Bytes that are an event, or once were: up to three places of the text have other bytes. Some stand in one record
 * with others, as lines.
 */
export const mutatedEvents: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.array(object, { minLength: 1, maxLength: 3 }),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.array(edit, { maxLength: 3 }) },
    ),
    fc.constantFrom('\n', '\n', '\r\n', '\n\n', ' ', ''),
  )
  .map(([objects, edits, separator]) => {
    const sent = Buffer.from(objects.join(separator)).toString('latin1');
    const mutated = edits.reduce((text, [at, removed, inserted]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + inserted + text.slice(place + removed);
    }, sent);
    return Buffer.from(mutated, 'latin1');
  });
