import fc from 'fast-check';
import { correctionAfter, logBegin } from '../../../domain/counters/log-place';
import { linesOf, type PlacedLine } from '../../../domain/event/shard-lines';
import { clickJson } from '../../support/click-factory';
import { kplAggregate } from '../../support/kpl-encoder';
import { placedLines } from '../../support/plain-fold';
import { shardRecords } from '../../support/shard-records';
import { streamRecord } from '../../support/stream-record-arbitrary';

const packed = fc
  .integer({ min: 9, max: 12 })
  .map((lines) => Array.from({ length: lines }, () => clickJson()).join('\n'));
const records = fc
  .array(fc.oneof({ weight: 4, arbitrary: streamRecord }, { weight: 1, arbitrary: packed }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((data) => shardRecords(data));

const told = (lines: Iterable<PlacedLine>) =>
  [...lines].map(({ position, sequenceNumber, arrivedAt, reading }) => ({
    position,
    sequenceNumber,
    arrivedAt,
    text: String(reading.bytes),
    verdict: reading.ok ? reading.event : reading.reason,
  }));

describe('The lines of records', () => {
  it('are all of them, each at its place, in the order of the shard', () => {
    fc.assert(
      fc.property(records, (shard) => {
        expect(told(linesOf(shard))).toEqual(told(placedLines(shard)));
      }),
    );
  });

  it('behind a place are those whose position is behind it, be it of an event, a correction, or the log’s begin', () => {
    let inTheMiddle = 0;
    fc.assert(
      fc.property(records, fc.nat(), fc.boolean(), (shard, number, isCorrection) => {
        const lines = placedLines(shard);
        const { position } = lines[number % lines.length]!;
        const after = isCorrection ? correctionAfter(position) : position;
        const expected = lines.filter((line) => line.position > after);
        expect(told(linesOf(shard, after))).toEqual(told(expected));
        if (expected[0]?.sequenceNumber === position.split(':')[1]) inTheMiddle++;
      }),
      { numRuns: 300 },
    );
    expect(inTheMiddle).toBeGreaterThan(30);
    const shard = shardRecords([clickJson(), 'bad']);
    expect(told(linesOf(shard, logBegin))).toEqual(told(placedLines(shard)));
    expect(told(linesOf(shard, correctionAfter(logBegin)))).toEqual(told(placedLines(shard)));
  });

  it('behind a place in an aggregate are those of its later inner records', () => {
    const inner = ['a', 'b', 'c'].map((eventId) => [clickJson({ eventId }), 'bad'].join('\n'));
    const shard = shardRecords([kplAggregate(inner), clickJson({ eventId: 'd' })]);
    const places = placedLines(shard).map(({ position }) => position);
    expect(places).toHaveLength(7);
    for (const [index, after] of places.entries())
      expect([...linesOf(shard, after)].map(({ position }) => position)).toEqual(places.slice(index + 1));
  });

  it('are behind nothing once all were', () => {
    const shard = shardRecords([clickJson()]);
    expect([
      ...linesOf(shard, '056:99999999999999999999999999999999999999999999999999999999:0000000'),
    ]).toEqual([]);
  });
});
