import { inputFormats } from '../../../formats/input-format';
import { parseTraffic, type TrafficValues } from '../../../producer/command/options';

describe('the traffic options', () => {
  it('are one generated click a second by default', () => {
    expect(parseTraffic({})).toEqual({
      input: {
        kind: 'synthetic',
        seed: undefined,
        time: 'now',
        speed: 1,
        site: undefined,
        template: undefined,
        partitionKey: undefined,
        injections: { duplicates: 0, late: 0, malformed: 0, oversized: 0 },
      },
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
    const file = { kind: 'file', paths: ['a.log'], format: 'combined', time: 'now' };

    expect(parseTraffic({ input: 'a.log', format: 'combined', time: 'now' })).toMatchObject({
      input: file,
      rate: { kind: 'max' },
      isDefault: false,
    });
    expect(parseTraffic({ input: 'a.log', rate: '30' }).rate).toEqual({ kind: 'steady', perSecond: 30 });
    expect(parseTraffic({ input: 'a.log' }).input).toMatchObject({ format: 'ndjson', time: 'original' });
  });

  it('put seeded events into simulated time, unless they are to happen now', () => {
    expect(parseTraffic({ seed: 's', max: true }).input).toMatchObject({
      kind: 'synthetic',
      seed: 's',
      time: 'original',
    });
    expect(parseTraffic({ seed: 's', time: 'now' }).input).toMatchObject({ time: 'now' });
  });

  it('take several inputs, in every format', () => {
    for (const format of inputFormats) {
      expect(parseTraffic({ input: ['b.log', 'a.log', '-'], format }).input).toMatchObject({
        paths: ['b.log', 'a.log', '-'],
        format,
      });
    }
  });

  it('pace a replay by its own gaps, of a file or of a site', () => {
    expect(parseTraffic({ input: '-', time: 'replay', speed: '60.5' })).toMatchObject({
      input: { time: 'replay', speed: 60.5 },
      rate: { kind: 'max' },
      isDefault: false,
    });
    expect(parseTraffic({ site: 'shop.json', time: 'replay' })).toMatchObject({
      input: { kind: 'synthetic', site: 'shop.json', time: 'replay', speed: 1 },
      rate: { kind: 'max' },
      isDefault: false,
    });
  });

  it('generate from a site or a template, keyed by a member if asked to', () => {
    expect(parseTraffic({ site: 'shop.json' })).toMatchObject({
      input: { site: 'shop.json' },
      isDefault: true,
    });
    expect(parseTraffic({ template: 't.json', 'partition-key': 'device' }).input).toMatchObject({
      template: 't.json',
      partitionKey: 'device',
    });
    expect(parseTraffic({ input: 'f', 'partition-key': 'device' }).input).toMatchObject({
      partitionKey: 'device',
    });
  });

  it('take shares of injected events as probabilities or in per cent', () => {
    const values = { duplicates: '0.25', late: '.5', malformed: '0', oversized: '12.5%' };

    expect(parseTraffic(values).input).toMatchObject({
      injections: { duplicates: 0.25, late: 0.5, malformed: 0, oversized: 0.125 },
    });
    expect(parseTraffic({ duplicates: '70%', late: '20%', malformed: '10%' }).input).toMatchObject({
      injections: { duplicates: 0.7 },
    });
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
    [
      { input: 'f', format: 'csv' },
      '--format is "csv"; allowed: ndjson, combined, vhost_combined, common, json-access, cloudfront',
    ],
    [{ input: 'f', time: 'later' }, '--time is "later"; allowed: original, now, replay'],
    [{ format: 'ndjson' }, '--format needs --input'],
    [{ seed: 's', input: 'f' }, '--seed is for generated events; with --input there are none'],
    [{ time: 'original' }, '--time original needs --input or --seed: other generated events happen now'],
    [
      { input: '-', time: 'now' },
      '--time now reads the input twice, which standard input does not allow; give a file',
    ],
    [
      { input: ['a.log', '-'], time: 'now' },
      '--time now reads the input twice, which standard input does not allow; give a file',
    ],
    [{ input: '' }, '--input is empty; allowed: a file, or - for standard input'],
    [{ input: ['a', ''] }, '--input is empty; allowed: a file, or - for standard input'],
    [{ input: [] }, '--input is missing; allowed: a file, or - for standard input'],
    [{ input: ['a', 'b', 'a'] }, '--input a is given twice: it would be sent twice'],
    [{ speed: '2' }, '--speed needs --time replay'],
    [{ input: 'f', speed: '2' }, '--speed needs --time replay'],
    [{ input: 'f', time: 'replay', speed: '0' }, '--speed is "0"; allowed: a number above 0, up to 1000000'],
    [
      { input: 'f', time: 'replay', rate: '5' },
      '--time replay keeps the gaps of the original, and takes no --rate; give --speed X to go X times as fast',
    ],
    [
      { input: 'f', time: 'replay', max: true },
      '--time replay keeps the gaps of the original, and takes no --max',
    ],
    [{ seed: 's', time: 'replay' }, '--time replay needs --input or --site'],
    [{ template: 't', time: 'replay' }, '--time replay needs --input or --site'],
    [{ site: 's', template: 't' }, '--site and --template exclude each other: give one of them'],
    [{ site: '' }, '--site is empty; allowed: a file with a site model'],
    [{ template: '' }, '--template is empty; allowed: a file with a template'],
    [{ site: 's', input: 'f' }, '--site is for generated events; with --input there are none'],
    [{ template: 's', input: 'f' }, '--template is for generated events; with --input there are none'],
    [{ duplicates: '0.1', input: 'f' }, '--duplicates is for generated events; with --input there are none'],
    [{ 'partition-key': 'a' }, '--partition-key names a member of --template or of --format ndjson'],
    [
      { 'partition-key': 'a', input: 'f', format: 'common' },
      '--partition-key names a member of --template or of',
    ],
    [{ 'partition-key': '', template: 't' }, '--partition-key is empty; allowed: the name of a member'],
    [{ late: '2' }, '--late is "2"; allowed: a probability from 0 to 1, or a percentage such as 1%'],
    [{ late: '101%' }, '--late is "101%"; allowed: a probability from 0 to 1, or a percentage such as 1%'],
    [{ malformed: '-0.1' }, '--malformed is "-0.1"; allowed: a probability'],
    [{ oversized: '' }, '--oversized is ""; allowed: a probability'],
    [
      { duplicates: '0.5', late: '0.6' },
      '--duplicates, --late, --malformed and --oversized add up to 1.1; allowed: at most 1',
    ],
  ])('%j are refused', (values, message) => {
    expect(() => parseTraffic(values)).toThrow(message);
  });
});
