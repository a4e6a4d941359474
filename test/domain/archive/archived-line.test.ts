import fc from 'fast-check';
import { archiveLine } from '../../../domain/archive/archive-line';
import { readArchivedLine } from '../../../domain/archive/archived-line';
import { type Reading, readStreamRecord } from '../../../domain/event/record';
import { clickJson } from '../../support/click-factory';
import { kplAggregate } from '../../support/kpl-encoder';
import { streamRecord } from '../../support/stream-record-arbitrary';

const arrivedAt = Date.parse('2026-03-01T10:00:00.250Z');
const place = {
  arrivedAt,
  shardId: 'shardId-000000000003',
  sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
  subSequenceNumber: 10_000_002,
};

const meaning = (reading: Reading) =>
  reading.ok ? { event: reading.event, at: reading.at, late: reading.late } : { reason: reading.reason };

function again(data: string | Uint8Array) {
  const records = readStreamRecord(typeof data === 'string' ? Buffer.from(data) : data, arrivedAt);
  return records.flat().map((reading) => {
    const line = archiveLine(reading, place);
    return { reading, line: readArchivedLine(line.subarray(0, -1)) };
  });
}

describe('A line read from the archive', () => {
  it('means what it meant in the stream, whatever it was', () => {
    fc.assert(
      fc.property(streamRecord, (data) => {
        for (const { reading, line } of again(data)) {
          expect(line?.place).toEqual(place);
          expect(meaning(line!.read())).toEqual(meaning(reading));
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['names of the archive in a value', clickJson({ title: ',"arrivedAt":"2020-01-01T00:00:00.000Z"}' })],
    [
      'names of the archive in a nested object',
      clickJson({ nested: { a: 1, arrivedAt: 'x', shardId: 'y' } }),
    ],
    ['a referrer that looks like a place', clickJson({ referrer: 'https://a","arrivedAt":"x/' })],
    ['a line that looks rejected', clickJson({ type: '{"rejected":"x","raw":""' })],
    ['line breaks and spaces', `${clickJson({ page: '/x' }).replaceAll(',', ',\r\n ')}  `],
    ['a lone surrogate', clickJson({ page: '/x' }).replace('/x', '/\\ud800')],
    ['an event that comes too early', clickJson({ timestamp: '2026-03-01T10:15:00.251Z' })],
    ['several bad lines', 'oops\n[]\n{"a":1}'],
    ['an object over several lines that is no event', '{"a":\n1}'],
    ['blank lines alone', '\n \n'],
    ['nothing', ''],
    ['an aggregate of no records', kplAggregate([])],
    [
      'an aggregate of no records, and a line behind it',
      Buffer.concat([kplAggregate([]), Buffer.from('\nx')]),
    ],
    ['an event that is late', clickJson({ timestamp: '2026-03-01T09:00:00.249Z' })],
  ])('is not misled by %s', (_, data) => {
    for (const { reading, line } of again(data)) {
      expect(line?.place).toEqual(place);
      expect(meaning(line!.read())).toEqual(meaning(reading));
    }
  });

  it('is none without a place', () => {
    for (const text of [
      '',
      'hello',
      clickJson(),
      '{"a":1,"arrivedAt":"x"}',
      '{"a":1,"arrivedAt":"2026-03-01"}',
    ]) {
      expect(readArchivedLine(Buffer.from(text))).toBeUndefined();
    }
  });
});
