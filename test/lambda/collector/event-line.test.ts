import fc from 'fast-check';
import { readEvent } from '../../../domain/event/record';
import { eventLine, type Sender } from '../../../lambda/collector/event-line';
import { mutatedEvents } from '../../support/mutated-event-arbitrary';

const sender: Sender = { visitorId: 'hash-7', userAgent: 'Firefox/140', skewMs: 0, visitorIds: 'hashed' };
const arrivedAt = Date.parse('2026-03-01T10:00:00Z');
const event = '{"eventId":"e1","type":"click","timestamp":"2026-03-01T09:00:00Z","page":"/"}';

function lineOf(json: string, overrides: Partial<Sender> = {}): string {
  const made = eventLine(Buffer.from(json), { ...sender, ...overrides });
  return made.ok ? made.line.toString() : made.reason;
}

describe('An event of a visitor', () => {
  it('gets the visitor’s id and user agent behind its own members, which stay byte for byte', () => {
    const json = '{"eventId":"e1","big":9007199254740993,"name":"Caf\\u00e9 ☕"}';
    expect(lineOf(json)).toBe(
      '{"eventId":"e1","big":9007199254740993,"name":"Caf\\u00e9 ☕","visitorId":"hash-7","userAgent":"Firefox/140"}',
    );
  });

  it('gets them in place of null, and as the only members of an empty one', () => {
    expect(lineOf('{"visitorId":null,"userAgent": null }')).toBe(
      '{"visitorId":"hash-7","userAgent": "Firefox/140" }',
    );
    expect(lineOf('{ }')).toBe('{ "visitorId":"hash-7","userAgent":"Firefox/140"}');
  });

  it('keeps a user agent of its own, and gets none from a sender without one', () => {
    expect(lineOf('{"userAgent":"curl/8"}')).toBe('{"userAgent":"curl/8","visitorId":"hash-7"}');
    expect(lineOf('{}', { userAgent: '' })).toBe('{"visitorId":"hash-7"}');
  });

  it('gets no second member of a name that differs in case alone', () => {
    expect(lineOf('{"UserAgent":"x"}')).toBe('{"UserAgent":"x","visitorId":"hash-7"}');
  });

  it('may bring a visitor’s id only where ids are given', () => {
    const own = '{"visitorId":"me","userAgent":"x"}';
    expect(lineOf(own)).toBe('visitor_id_not_allowed');
    expect(lineOf(own, { visitorIds: 'given' })).toBe(own);
    expect(lineOf('{"userAgent":"x"}', { visitorIds: 'given' })).toBe(
      '{"userAgent":"x","visitorId":"hash-7"}',
    );
  });

  it('is put to our clock where the sender’s is wrong, and keeps the sender’s time', () => {
    expect(JSON.parse(lineOf(event, { skewMs: 3_600_000 }))).toMatchObject({
      timestamp: '2026-03-01T10:00:00.000Z',
      clientTimestamp: '2026-03-01T09:00:00Z',
    });
    expect(JSON.parse(lineOf(event))).not.toHaveProperty('clientTimestamp');
  });

  it('stays as it is where the mended time would be none', () => {
    expect(JSON.parse(lineOf(event, { skewMs: -(60 * 365 * 86_400_000) })).timestamp).toBe(
      '2026-03-01T09:00:00Z',
    );
  });

  it('is one line, however it was printed', () => {
    const printed = JSON.stringify(JSON.parse(event), undefined, 2);
    const line = lineOf(printed);
    expect(line).not.toMatch(/[\r\n]/);
    expect(JSON.parse(line)).toEqual({ ...JSON.parse(event), visitorId: 'hash-7', userAgent: 'Firefox/140' });
  });

  it('is keyed by its session, which outlasts the hash; by its own visitor where it has one', () => {
    const keyOf = (json: string, visitorIds: Sender['visitorIds'] = 'hashed') => {
      const made = eventLine(Buffer.from(json), { ...sender, visitorIds });
      return made.ok && made.partitionKey;
    };
    expect(keyOf('{"sessionId":"s1"}')).toBe('s1');
    expect(keyOf('{"sessionId":""}')).toBe('hash-7');
    expect(keyOf('{"sessionId":"s1","visitorId":"me"}', 'given')).toBe('me');
  });

  it('is valid exactly if it was with these members, whatever it holds', () => {
    fc.assert(
      fc.property(mutatedEvents, (bytes) => {
        const before = readEvent(bytes, arrivedAt);
        const made = eventLine(bytes, { ...sender, visitorIds: 'given' });
        if (!made.ok) throw new Error('nothing is refused where ids are given');
        const after = readEvent(made.line, arrivedAt);
        if (before.ok) {
          expect(after.ok).toBe(true);
          if (after.ok) {
            const { userAgent = 'Firefox/140' } = before.event;
            expect({ ...after.event }).toEqual({ ...before.event, userAgent });
          }
        } else if (before.reason !== 'missing_field:visitorId') {
          expect(after).toMatchObject({ ok: false, reason: before.reason });
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
