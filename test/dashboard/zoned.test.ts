import { instantOf, localText, rangeText, windowText } from '../../dashboard/page/model/zoned';
import { formatWindow } from '../../domain/counters/window';
import { timeZoneNamed } from '../../report/time-zone';

const berlin = timeZoneNamed('Europe/Berlin')!;

describe('A time of a form', () => {
  it.each([
    ['2026-07-01T09:30', '2026-07-01T07:30:00Z'],
    ['2026-12-01T09:30', '2026-12-01T08:30:00Z'],
    ['2026-10-25T01:59', '2026-10-24T23:59:00Z'],
    ['2026-10-25T03:00', '2026-10-25T02:00:00Z'],
    ['2026-03-29T03:00', '2026-03-29T01:00:00Z'],
  ])('%s is %s in Berlin, and is shown again as it was typed', (text, instant) => {
    const at = instantOf(text, berlin)!;
    expect(formatWindow(at)).toBe(instant);
    expect(localText(at, berlin)).toBe(text);
  });

  it('that the clocks show twice is the first one', () => {
    expect(formatWindow(instantOf('2026-10-25T02:30', berlin)!)).toBe('2026-10-25T00:30:00Z');
  });

  it('that the clocks skip is as far behind the gap as it was in it', () => {
    expect(localText(instantOf('2026-03-29T02:30', berlin)!, berlin)).toBe('2026-03-29T03:30');
  });

  it.each(['', 'yesterday', '2026-13-41T09:30'])('"%s" is no time', (text) => {
    expect(instantOf(text, berlin)).toBeUndefined();
  });
});

describe('A range in words', () => {
  const words = (from: string, to: string) => rangeText(Date.parse(from), Date.parse(to), berlin);

  it('names days alone where it is of whole days', () => {
    expect(words('2026-11-27T23:00Z', '2026-11-28T23:00Z')).toBe('28 Nov');
    expect(words('2026-11-21T23:00Z', '2026-11-28T23:00Z')).toBe('22 Nov – 28 Nov');
  });

  it('names times otherwise', () => {
    expect(words('2026-11-28T08:00Z', '2026-11-28T09:30Z')).toBe('28 Nov, 09:00–10:30');
    expect(words('2026-11-28T08:00Z', '2026-11-28T23:00Z')).toBe('28 Nov, 09:00–24:00');
    expect(words('2026-11-27T08:00Z', '2026-11-28T08:00Z')).toBe('27 Nov, 09:00 – 28 Nov, 09:00');
  });
});

it('A window is called by its day of the week, day and time', () => {
  const at = Date.parse('2026-11-28T08:00Z');
  expect(windowText(at, 'day', berlin)).toBe('Sat 28 Nov');
  expect(windowText(at, 'hour', berlin)).toBe('Sat 28 Nov, 09:00');
});
