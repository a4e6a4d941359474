import fc from 'fast-check';
import { archiveLine } from '../../../domain/archive/archive-line';
import { readRecord } from '../../../domain/event/record';
import { clickEvent, clickJson } from '../../support/click-factory';

const place = {
  arrivedAt: Date.parse('2026-03-01T10:00:00.250Z'),
  shardId: 'shardId-000000000003',
  sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
  subSequenceNumber: 2,
};
const placeFields = { ...place, arrivedAt: '2026-03-01T10:00:00.250Z' };

function lineOf(data: string): string {
  return archiveLine(readRecord(Buffer.from(data), place.arrivedAt)[0]!, place).toString();
}

describe('The archive line of an event', () => {
  it('is the event with its place and derived fields, and ends in a line feed', () => {
    const event = clickEvent({
      referrer: 'https://search.example/?q=1',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
    });
    const line = lineOf(JSON.stringify(event));
    expect(line.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({
      ...event,
      ...placeFields,
      deviceClass: 'desktop',
      isBot: false,
      referrerHost: 'search.example',
    });
  });

  it('keeps every byte of the event: long numbers, escapes, spacing, unknown fields', () => {
    const text = clickJson().replace('{', '{ "price":9007199254740993, "caf\\u00e9":"\\ud83d\\ude00 Café",');
    expect(lineOf(text).startsWith(text.slice(0, -1))).toBe(true);
  });

  it('leaves out the host of a referrer that has none', () => {
    expect(JSON.parse(lineOf(clickJson({ referrer: '-' })))).not.toHaveProperty('referrerHost');
  });

  it('is one line, also for an event that was printed over several', () => {
    const event = clickEvent({ title: 'two\nlines' });
    const line = lineOf(JSON.stringify(event, null, 2).replaceAll('\n', '\r\n'));
    expect(line.trimEnd().split(/[\r\n]/).length).toBe(1);
    expect(JSON.parse(line)).toMatchObject({ ...event });
  });

  it('drops what follows the event on its line', () => {
    const text = clickJson();
    expect(lineOf(`${text} \t\r`)).toBe(lineOf(text));
  });

  it('says the same as the event for any further fields', () => {
    const extras = fc.dictionary(
      fc.string().filter((name) => name !== '__proto__' && !(name in clickEvent()) && !(name in placeFields)),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(extras, (extra) => {
        const text = JSON.stringify({ ...clickEvent(), ...extra });
        if (!readRecord(Buffer.from(text), place.arrivedAt)[0]!.ok) return;
        expect(JSON.parse(lineOf(text))).toMatchObject(JSON.parse(text));
      }),
    );
  });
});

describe('The archive line of a bad line', () => {
  it('holds the reason, the raw bytes and the place', () => {
    expect(JSON.parse(lineOf('Café'))).toEqual({ rejected: 'not_json', raw: 'Q2Fmw6k=', ...placeFields });
  });

  it('holds any place', () => {
    const [reading] = readRecord(Buffer.from('x'), place.arrivedAt);
    const odd = {
      arrivedAt: Date.UTC(12_000, 0),
      shardId: 'größe"\n',
      sequenceNumber: '',
      subSequenceNumber: 0,
    };
    expect(JSON.parse(archiveLine(reading!, odd).toString())).toMatchObject({
      ...odd,
      arrivedAt: '+012000-01-01T00:00:00.000Z',
    });
    expect(() => archiveLine(reading!, { ...odd, arrivedAt: Number.NaN })).toThrow(RangeError);
  });
});
