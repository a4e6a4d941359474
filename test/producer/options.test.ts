import { parseTraffic, type TrafficValues } from '../../producer/options';

describe('the traffic options', () => {
  it('are one generated click a second by default', () => {
    expect(parseTraffic({})).toEqual({
      input: { kind: 'synthetic', seed: undefined, time: 'now' },
      rate: { kind: 'steady', perSecond: 1 },
      count: undefined,
      durationMs: undefined,
      isDefault: true,
    });
  });

  it('take another default rate, which is not a rate that was asked for', () => {
    expect(parseTraffic({}, 5)).toMatchObject({ rate: { kind: 'steady', perSecond: 5 }, isDefault: true });
    expect(parseTraffic({ rate: '0.25' }, 5)).toMatchObject({
      rate: { kind: 'steady', perSecond: 0.25 },
      isDefault: false,
    });
  });

  it('read an input as fast as it goes, unless a rate is given', () => {
    const file = { kind: 'file', path: 'a.log', format: 'combined', time: 'now' };

    expect(parseTraffic({ input: 'a.log', format: 'combined', time: 'now' })).toMatchObject({
      input: file,
      rate: { kind: 'max' },
      isDefault: false,
    });
    expect(parseTraffic({ input: 'a.log', rate: '30' }).rate).toEqual({ kind: 'steady', perSecond: 30 });
    expect(parseTraffic({ input: 'a.log' }).input).toMatchObject({ format: 'ndjson', time: 'original' });
  });

  it('put seeded events into simulated time, unless they are to happen now', () => {
    expect(parseTraffic({ seed: 's', max: true }).input).toEqual({
      kind: 'synthetic',
      seed: 's',
      time: 'original',
    });
    expect(parseTraffic({ seed: 's', time: 'now' }).input).toMatchObject({ time: 'now' });
  });

  it('have limits', () => {
    expect(parseTraffic({ count: '12', duration: '1.5' })).toMatchObject({
      count: 12,
      durationMs: 1500,
      isDefault: true,
    });
  });

  it.each<[TrafficValues, string]>([
    [{ rate: '0' }, '--rate is "0"; allowed: a number above 0, up to 1000000'],
    [{ rate: '1000001' }, '--rate is "1000001"; allowed: a number above 0, up to 1000000'],
    [{ rate: '1e3' }, '--rate is "1e3"; allowed: a number above 0, up to 1000000'],
    [{ rate: '' }, '--rate is ""; allowed: a number above 0, up to 1000000'],
    [{ count: '1.5' }, '--count is "1.5"; allowed: a whole number from 1 to 9007199254740991'],
    [{ count: '0' }, '--count is "0"; allowed: a whole number from 1 to 9007199254740991'],
    [{ duration: 'ten' }, '--duration is "ten"; allowed: a number above 0, up to 31536000'],
    [{ rate: '5', max: true }, '--rate and --max exclude each other: give one of them'],
    [{ input: 'f', format: 'csv' }, '--format is "csv"; allowed: ndjson, combined'],
    [{ input: 'f', time: 'later' }, '--time is "later"; allowed: original, now'],
    [{ format: 'ndjson' }, '--format says how to read --input, which is missing'],
    [{ seed: 's', input: 'f' }, '--seed is for generated events; with --input there are none'],
    [{ time: 'original' }, '--time original needs --input or --seed: other generated events happen now'],
    [
      { input: '-', time: 'now' },
      '--time now reads the input twice, which standard input does not allow; give a file',
    ],
    [{ input: '' }, '--input is empty; allowed: a file, or - for standard input'],
  ])('%j are refused', (values, message) => {
    expect(() => parseTraffic(values)).toThrow(message);
  });
});
