import fc from 'fast-check';
import { compileDatePattern } from '../../../local/firehose/date-pattern';

const INSTANT = Date.parse('2026-03-07T05:04:09.087Z');

const format = (pattern: string, timeZone = 'UTC', instant = INSTANT) =>
  compileDatePattern(pattern, timeZone)(instant);

describe('a date pattern', () => {
  it.each([
    ['yyyy/MM/dd/HH/', '2026/03/07/05/'],
    ['yyyy-MM-dd-HH-mm-ss', '2026-03-07-05-04-09'],
    ['yy y u M d H m s', '26 2026 2026 3 7 5 4 9'],
    ['MMM MMMM MMMMM', 'Mar March M'],
    ['E EEEE', 'Sat Saturday'],
    ['D DDD', '66 066'],
    ['S SSS SSSSSS', '0 087 087000'],
    ["'year='yyyy", 'year=2026'],
    ["'o''clock' ''", "o'clock '"],
    ['h a', '5 AM'],
  ])('writes %s as Java does: %s', (pattern, expected) => {
    expect(format(pattern)).toBe(expected);
  });

  it('counts hours of midnight and noon as Java does', () => {
    const midnight = Date.parse('2026-03-07T00:00:00Z');
    const noon = Date.parse('2026-03-07T12:00:00Z');
    expect(format('H k h K a', 'UTC', midnight)).toBe('0 24 12 0 AM');
    expect(format('H k h K a', 'UTC', noon)).toBe('12 12 12 0 PM');
  });

  it('is of its time zone, across a change of the date and of daylight saving', () => {
    expect(format('yyyy-MM-dd HH:mm', 'Pacific/Auckland')).toBe('2026-03-07 18:04');
    expect(format('yyyy-MM-dd HH', 'America/Los_Angeles')).toBe('2026-03-06 21');
    const afterChange = Date.parse('2026-03-29T01:30:00Z');
    expect(format('HH', 'Europe/Berlin', afterChange - 3_600_000)).toBe('01');
    expect(format('HH', 'Europe/Berlin', afterChange)).toBe('03');
  });

  it('gives the calendar year on the days that belong to a week of another year', () => {
    expect(format('yyyy-MM-dd', 'UTC', Date.parse('2027-01-01T00:00:00Z'))).toBe('2027-01-01');
    expect(format('yyyy-MM-dd', 'UTC', Date.parse('2024-12-30T23:59:59Z'))).toBe('2024-12-30');
  });

  it.each([
    ['YYYY', /Y is the week-based year.*yyyy/],
    ['ww', /letter w is not supported/],
    ['HHH', /at most 2 letters H/],
    ["'open", /single quote is not closed/],
    ['yyyy[MM]', /"\[" is reserved/],
  ])('refuses %s and says why', (pattern, message) => {
    expect(() => format(pattern)).toThrow(message);
  });

  it('refuses a time zone that does not exist', () => {
    expect(() => format('yyyy', 'Mars/Olympus')).toThrow(/"Mars\/Olympus" is not known/);
  });

  it('agrees with the ISO form of any instant in UTC', () => {
    const instants = fc.date({
      min: new Date('1900-01-01'),
      max: new Date('2200-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (date) => {
        expect(format("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", 'UTC', date.getTime())).toBe(date.toISOString());
      }),
    );
  });
});
