import fc from 'fast-check';
import { archiveLine } from '../../../domain/archive/archive-line';
import { type Reading, readRecord } from '../../../domain/event/record';
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
          }
          const [known] = readRecord(reading.knownFields, arrivedAt);
          expect(known!.ok && known).toMatchObject({
            event: reading.event,
            at: reading.at,
            late: reading.late,
            statusClass: reading.statusClass,
          });
        }
      }),
      { numRuns: numRuns / 5 },
    );
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
