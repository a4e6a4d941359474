import fc from 'fast-check';
import { archiveLine } from '../../../domain/archive/archive-line';
import { type Reading, readOnlyEvent, readRecord } from '../../../domain/event/record';
import { parsePrintedInstant, parseTimestamp, printInstant } from '../../../domain/event/timestamp';
import { transform } from '../../../lambda/transformer/transform';
import { kplAggregate } from '../../support/kpl-encoder';
import { mutatedEvents } from '../../support/mutated-event-arbitrary';
import { type PlainReading, plainReadings } from '../../support/plain-reader';

const arrivedAt = Date.parse('2026-03-01T10:00:00.250Z');
/** More by hand: `NUM_RUNS=100000 npx jest test/domain/plain-and-fast`. */
const numRuns = Number(process.env.NUM_RUNS ?? 3_000);

function meaning(reading: Reading): PlainReading {
  const text = reading.bytes.toString('latin1');
  if (!reading.ok) return { reason: reading.reason, text };
  const { event, at, late, closingBrace } = reading;
  return { event, at, late, text, closingBrace };
}

describe('What is read from bytes', () => {
  it('means what it means when it is read plainly, for events that are mutated at random', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(mutatedEvents, (bytes) => {
        const readings = readRecord(bytes, arrivedAt);
        expect(readings.map(meaning)).toEqual(plainReadings(bytes, arrivedAt));
        for (const reading of readings) {
          const verdict = reading.ok ? 'ok' : reading.reason;
          seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
        }
      }),
      { numRuns },
    );
    // The comparison would prove little if hardly anything were accepted, or hardly any reason came up.
    expect(seen.get('ok')).toBeGreaterThan(numRuns / 10);
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining([
        'not_json',
        'not_utf8',
        'not_object',
        'duplicate_key',
        'forbidden_key',
        'reserved_field',
        'missing_field:page',
        'mistyped_field:title',
        'bad_timestamp',
        'future',
      ]),
    );
  });

  it('has its fields by name as in the whole event', () => {
    fc.assert(
      fc.property(mutatedEvents, (bytes) => {
        for (const reading of readRecord(bytes, arrivedAt)) {
          if (!reading.ok) continue;
          for (const name of ['eventId', 'page', 'userAgent', 'referrer', 'campaign'] as const) {
            const field = reading.field(name);
            expect(field).toBe(reading.event[name]);
            expect(reading.withoutBytes().field(name)).toBe(field);
          }
          expect(reading.withoutBytes().event).toEqual(reading.event);
        }
      }),
      { numRuns: numRuns / 5 },
    );
  });

  it('is read in one go, amid other bytes, only if it is the one event of its record', () => {
    const around = fc.uint8Array({ maxLength: 4 });
    let events = 0;
    fc.assert(
      fc.property(mutatedEvents, around, around, (bytes, before, after) => {
        const memory = Buffer.concat([before, bytes, after]);
        const event = readOnlyEvent(memory, before.length, before.length + bytes.length, arrivedAt);
        if (!event) return;
        events++;
        expect([event].map(meaning)).toEqual(plainReadings(bytes, arrivedAt));
      }),
      { numRuns },
    );
    // Some 6 % are, give or take half a percent.
    expect(events).toBeGreaterThan(numRuns / 30);
  });

  it('is archived by the transformer in the lines that each reading makes by itself', () => {
    const record = (bytes: Buffer, index: number) => ({
      recordId: `record-${index}`,
      approximateArrivalTimestamp: arrivedAt + index,
      data: bytes.toString('base64'),
      kinesisRecordMetadata: {
        sequenceNumber: String(1_000 + index),
        subsequenceNumber: '0',
        partitionKey: 'visitor-1',
        shardId: 'shardId-000000000004',
        approximateArrivalTimestamp: arrivedAt + index,
      },
    });
    const sent = fc.oneof(
      { weight: 4, arbitrary: mutatedEvents },
      { weight: 1, arbitrary: mutatedEvents.map((bytes) => Buffer.concat([Buffer.from(' \n'), bytes])) },
      { weight: 1, arbitrary: mutatedEvents.map((bytes) => Buffer.from(kplAggregate([bytes]))) },
    );
    fc.assert(
      fc.property(fc.array(sent, { minLength: 1, maxLength: 6 }), (batch) => {
        const { answers } = transform(batch.map(record));
        for (const [index, bytes] of batch.entries()) {
          const readings = readRecord(bytes, arrivedAt + index);
          const lines = readings.map((reading, subSequenceNumber) =>
            archiveLine(reading, {
              arrivedAt: arrivedAt + index,
              shardId: 'shardId-000000000004',
              sequenceNumber: String(1_000 + index),
              subSequenceNumber,
            }),
          );
          const expected = Buffer.concat(lines).toString();
          const { data } = answers[index]!;
          expect(Buffer.from(data ?? '', 'base64').toString()).toBe(expected);
        }
      }),
      { numRuns: numRuns / 5 },
    );
  });
});

describe('A printed instant', () => {
  const digit = fc.constantFrom(...'0123456789');
  const two = fc.oneof(
    fc.nat(62).map((number) => String(number).padStart(2, '0')),
    fc.tuple(digit, digit).map((digits) => digits.join('')),
  );
  const text = fc
    .tuple(
      fc.nat(10_000),
      two,
      two,
      two,
      two,
      two,
      fc.nat(999),
      fc.option(fc.tuple(fc.nat(23), fc.constantFrom(...'-:TZ. +x0'))),
    )
    .map(([year, month, day, hour, minute, second, ms, edit]) => {
      const date = `${String(year).padStart(4, '0')}-${month}-${day}`;
      const printed = `${date}T${hour}:${minute}:${second}.${String(ms).padStart(3, '0')}Z`;
      return edit ? printed.slice(0, edit[0]) + edit[1] + printed.slice(edit[0] + 1) : printed;
    });

  const validInstant = fc.date({
    min: new Date(0),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });

  it('is read from bytes as from text, or left to the reader of other forms', () => {
    let read = 0;
    const compared = fc.property(
      fc.oneof(
        text,
        validInstant.map((date) => date.toISOString()),
      ),
      (printed) => {
        const at = parsePrintedInstant(Buffer.from(`"${printed}"`), 1, printed.length + 1);
        if (at === undefined) return;
        read++;
        expect(at).toBe(parseTimestamp(printed));
      },
    );
    fc.assert(compared, { numRuns });
    expect(read).toBeGreaterThan(numRuns / 4);
  });

  it('is told from what differs from one in a character, whatever was read before', () => {
    const ofFewDays = fc
      .tuple(fc.constantFrom('2026-02-28', '2026-03-01', '1970-01-01'), validInstant)
      .map(([day, time]) => `${day}${time.toISOString().slice(day.length)}`);
    const edited = fc
      .tuple(ofFewDays, fc.nat(23), fc.constantFrom(...'0123456789-:TZ./; '))
      .map(([printed, at, character]) => printed.slice(0, at) + character + printed.slice(at + 1));
    fc.assert(
      fc.property(ofFewDays, edited, (printed, other) => {
        for (const text of [printed, other, printed]) {
          const at = parsePrintedInstant(Buffer.from(`"${text}"`), 1, text.length + 1);
          // Another form is left to the reader of all forms; of what is none, neither makes a time.
          const isPrintedForm = /^....-..-..T..:..:..\....Z$/.test(text);
          expect(at).toBe(isPrintedForm ? parseTimestamp(text) : undefined);
        }
      }),
      { numRuns },
    );
  });

  it('is what `toISOString` prints, whatever was printed before', () => {
    const around = fc.tuple(validInstant, fc.array(fc.nat(3_000), { maxLength: 5 }));
    fc.assert(
      fc.property(around, ([date, offsets]) => {
        for (const offset of [0, ...offsets]) {
          const at = date.getTime() + offset;
          expect(printInstant(at)).toBe(new Date(at).toISOString());
        }
      }),
    );
    expect(() => printInstant(Number.NaN)).toThrow(RangeError);
  });
});
