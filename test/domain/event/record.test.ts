import fc from 'fast-check';
import { maxEventBytes } from '../../../domain/event/click-event';
import { type Reading, readRecord, readStreamRecord, reservedFields } from '../../../domain/event/record';
import { clickEvent, clickJson } from '../../support/click-factory';
import { bytesField, kplAggregate, sealed } from '../../support/kpl-encoder';

const arrivedAt = Date.parse('2026-03-01T10:00:00.000Z');

function read(data: string | Uint8Array) {
  return readRecord(typeof data === 'string' ? Buffer.from(data) : data, arrivedAt);
}

/** `ok`, or the reason, of each line. */
function verdicts(data: string | Uint8Array): string[] {
  return read(data).map((reading) => (reading.ok ? 'ok' : reading.reason));
}

describe('A record of one event', () => {
  it('is a click with its fields, its time and the bytes as they were sent', () => {
    const text = clickJson({ page: '/Café', element: 'buy', extra: { price: [1.1, null] } });
    const [click] = read(text);
    expect(click).toMatchObject({ ok: true, at: Date.parse('2026-03-01T09:59:30.000Z'), late: false });
    expect(click!.ok && click!.event).toMatchObject({ page: '/Café', element: 'buy' });
    expect(click!.bytes.toString()).toBe(text);
  });

  it.each([
    ['nothing', '', 'empty'],
    ['nothing but blanks', ' \r\n\t\n', 'empty'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not_utf8'],
    ['an overlong encoding', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'not_utf8'],
    ['no JSON', 'hello', 'not_json'],
    ['half an event', clickJson().slice(0, -1), 'not_json'],
    ['a list', '[]', 'not_object'],
    ['an event one byte too large', clickJson({ pad: 'x'.repeat(maxEventBytes) }), 'too_large'],
    ['deep nesting', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 'too_deep'],
    ['a name twice', '{"eventId":"1","eventId":"2"}', 'duplicate_key'],
    ['a __proto__ member', '{"__proto__":{"admin":true}}', 'forbidden_key'],
    ['a missing field', clickJson({ page: undefined as never }), 'missing_field:page'],
    ['an empty required field', clickJson({ visitorId: '' }), 'missing_field:visitorId'],
    ['a required field that is null', clickJson({ eventId: null as never }), 'missing_field:eventId'],
    ['a required field of another type', clickJson({ type: 5 as never }), 'mistyped_field:type'],
    ['an optional field of another type', clickJson({ referrer: ['x'] as never }), 'mistyped_field:referrer'],
    ['a timestamp without a zone', clickJson({ timestamp: '2026-03-01T09:00:00' }), 'bad_timestamp'],
    ['a timestamp as a number', clickJson({ timestamp: 1772359200 as never }), 'mistyped_field:timestamp'],
    ['a day that does not exist', clickJson({ timestamp: '2026-02-30T09:00:00Z' }), 'bad_timestamp'],
  ])('with %s is rejected with the reason', (_, data, reason) => {
    expect(verdicts(data as string | Buffer)).toEqual([reason]);
  });

  it.each([...reservedFields])('that brings the archive’s own field %s is rejected, in any case', (name) => {
    expect(verdicts(clickJson({ [name]: 'x' }))).toEqual(['reserved_field']);
    expect(verdicts(clickJson({ [name.toUpperCase()]: 'x' }))).toEqual(['reserved_field']);
  });

  it('may hold a null where an optional field could be', () => {
    expect(verdicts(clickJson({ referrer: null as never, userAgent: null as never }))).toEqual(['ok']);
  });

  it('is of exactly the largest size at the most', () => {
    const event = clickEvent({ pad: '' });
    const room = maxEventBytes - Buffer.byteLength(JSON.stringify(event));
    expect(verdicts(JSON.stringify({ ...event, pad: 'x'.repeat(room) }))).toEqual(['ok']);
    expect(verdicts(JSON.stringify({ ...event, pad: 'x'.repeat(room + 1) }))).toEqual(['too_large']);
  });

  it('may be printed over several lines', () => {
    const [click, ...others] = read(JSON.stringify(clickEvent({ page: '/pretty' }), null, 2));
    expect(others).toEqual([]);
    expect(click!.ok && click!.event.page).toBe('/pretty');
    expect(verdicts('{\n"eventId": "1"\n}\n')).toEqual(['missing_field:type']);
  });
});

describe('The time of an event', () => {
  const at = (offsetMs: number) => clickJson({ timestamp: new Date(arrivedAt + offsetMs).toISOString() });

  it('may lie fifteen minutes after its arrival, and no millisecond more', () => {
    expect(verdicts(at(15 * 60_000))).toEqual(['ok']);
    expect(verdicts(at(15 * 60_000 + 1))).toEqual(['future']);
  });

  it('makes it late an hour and a millisecond before its arrival', () => {
    expect(read(at(-3_600_000))[0]).toMatchObject({ ok: true, late: false });
    expect(read(at(-3_600_001))[0]).toMatchObject({ ok: true, late: true });
  });

  it('may be any age, and counts in its own time', () => {
    expect(read(clickJson({ timestamp: '2015-05-17T12:05:03+02:00' }))[0]).toMatchObject({
      ok: true,
      late: true,
      at: Date.parse('2015-05-17T10:05:03Z'),
    });
  });
});

describe('A packed record', () => {
  it('has a reading for each line that is not blank, good and bad', () => {
    const data = ['', clickJson(), 'oops', '  ', clickJson(), '{}', ''].join('\n');
    expect(verdicts(data)).toEqual(['ok', 'not_json', 'ok', 'missing_field:eventId']);
  });

  it('counts its good lines when the first is bad, or is not UTF-8', () => {
    expect(verdicts(`{"cut":\n${clickJson()}`)).toEqual(['not_json', 'ok']);
    expect(verdicts(Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.from(clickJson())]))).toEqual([
      'not_utf8',
      'ok',
    ]);
  });

  it('takes lines that end in a carriage return', () => {
    expect(verdicts(`${clickJson()}\r\n${clickJson()}\r\n`)).toEqual(['ok', 'ok']);
  });

  it('takes many bad lines for what they are, one reading each', () => {
    expect(read('x\n'.repeat(50_000)).length).toBe(50_000);
  });
});

describe('A KPL aggregate', () => {
  const verdict = (reading: Reading) => (reading.ok ? 'ok' : reading.reason);
  const inStream = (data: Uint8Array) =>
    readStreamRecord(data, arrivedAt).map((readings) => readings.map(verdict));
  const packed = `${clickJson()}\noops\n${clickJson()}`;

  it('has the readings of each of its records, good and bad', () => {
    const data = kplAggregate([clickJson(), '', packed, Buffer.from([0xff])]);
    expect(inStream(data)).toEqual([['ok'], ['empty'], ['ok', 'not_json', 'ok'], ['not_utf8']]);
  });

  it('without records is a bad record, with whatever lines it has', () => {
    const reasons = inStream(sealed(bytesField(1, Buffer.from('visitor-1')))).flat();
    expect(new Set(reasons)).toEqual(new Set(['not_utf8']));
  });

  it('that is damaged is a bad record, with whatever lines it has', () => {
    const damaged = kplAggregate([`${clickJson()}\n${clickJson()}\noops`]);
    damaged[damaged.length - 1]! ^= 1;
    const [readings, ...others] = inStream(damaged);
    expect(others).toEqual([]);
    expect(readings![0]).toBe('not_utf8');
    expect(readings!.filter((reading) => reading === 'ok').length).toBe(1);
  });

  it('inside an aggregate has its lines numbered through, as if it were one packed record', () => {
    const nested = kplAggregate([packed, clickJson()]);
    expect(inStream(kplAggregate(['oops', nested, clickJson()]))).toEqual([
      ['not_json'],
      ['ok', 'not_json', 'ok', 'ok'],
      ['ok'],
    ]);
    expect(verdicts(nested)).toEqual(['ok', 'not_json', 'ok', 'ok']);
  });

  it('two deep inside an aggregate is a bad record', () => {
    const nested = kplAggregate([kplAggregate([clickJson()])]);
    expect(new Set(inStream(kplAggregate([nested])).flat())).toEqual(new Set(['not_utf8']));
  });
});

describe('Whatever the bytes are', () => {
  it('reading gives at least one value, never an exception, and always the same', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
          fc.json().map((text) => Buffer.from(text)),
          fc
            .dictionary(
              fc.constantFrom('eventId', 'type', 'timestamp', 'visitorId', 'page', 'x'),
              fc.jsonValue(),
            )
            .map((value) => Buffer.from(JSON.stringify(value))),
        ),
        (bytes) => {
          const first = verdicts(bytes);
          expect(first.length).toBeGreaterThan(0);
          expect(verdicts(bytes)).toEqual(first);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
