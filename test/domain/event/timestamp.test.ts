import fc from 'fast-check';
import { parseTimestamp } from '../../../domain/event/timestamp';

describe('A timestamp', () => {
  it.each([
    ['2026-03-01T10:05:03Z', '2026-03-01T10:05:03.000Z'],
    ['2026-03-01T10:05Z', '2026-03-01T10:05:00.000Z'],
    ['2026-03-01T10:05:03.1Z', '2026-03-01T10:05:03.100Z'],
    ['2026-03-01T10:05:03.123999Z', '2026-03-01T10:05:03.123Z'],
    ['2026-03-01T10:05:03,5Z', '2026-03-01T10:05:03.500Z'],
    ['2026-03-01T01:05:03+02:30', '2026-02-28T22:35:03.000Z'],
    ['2026-03-01T10:05:03-0700', '2026-03-01T17:05:03.000Z'],
    ['2026-03-01T10:05:03+02', '2026-03-01T08:05:03.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(new Date(parseTimestamp(text)!).toISOString()).toBe(instant);
  });

  it.each([
    '2026-03-01T10:05:03',
    '2026-03-01',
    '2026-03-01 10:05:03Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-06-30T23:59:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+00:60',
    '1969-12-31T23:59:59Z',
    '0000-01-01T00:00:00Z',
    '1970-01-01T00:00:00+00:01',
    ' 2026-03-01T10:05:03Z',
    '2026-03-01T10:05:03Z\n',
    '20260301T100503Z',
    '+2026-03-01T10:05:03Z',
    '1772359200',
    '',
  ])('%j is none', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  it('that Date prints is read back as the same instant', () => {
    const instants = fc.date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(instants, (date) => parseTimestamp(date.toISOString()) === date.getTime()));
    for (const text of ['2026-02-30T10:05:03.000Z', '2026-03-01T24:00:00.000Z', '2026-03-01T10:05:60.000Z'])
      expect(parseTimestamp(text)).toBeUndefined();
  });
});
