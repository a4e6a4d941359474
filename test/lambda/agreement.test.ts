import fc from 'fast-check';
import { foldLines, noEvents } from '../../domain/counters/fold';
import { eventIndex, positionOf } from '../../domain/event/position';
import { readStreamRecord } from '../../domain/event/record';
import { linesOf, type ShardRecord } from '../../domain/event/shard-lines';
import { transform } from '../../lambda/transformer/transform';
import { type EventSource, eventJson, sourceRecords } from '../../local/firehose/processor-event';
import { arrival, shardRecords } from '../support/shard-records';
import { streamRecord } from '../support/stream-record-arbitrary';

const shardId = 'shardId-000000000003';
const source: EventSource = { deliveryStreamArn: 'd', sourceStreamArn: 's', region: 'eu-central-1' };
const arrivalOf = (record: ShardRecord) => ({ ...record, partitionKey: 'outer', arrivedAt: arrival });

/** What both paths know of a batch: how many events are good, and how many bad for which reason. */
interface Verdicts {
  valid: number;
  readonly invalidByReason: Map<string, number>;
}

const add = (counts: Map<string, number>, reason: string) =>
  counts.set(reason, (counts.get(reason) ?? 0) + 1);

interface ArchivedLine {
  readonly sequenceNumber: string;
  readonly subSequenceNumber: number;
  readonly rejected?: string;
}

/** The archive lines of the batch, through the laptop's Firehose and the transformer. */
function archived(records: readonly ShardRecord[]) {
  const sources = records.flatMap((record) => sourceRecords(shardId, arrivalOf(record), 0));
  const { answers } = transform(JSON.parse(eventJson(sources, source, 'invocation')).records);
  const verdicts: Verdicts = { valid: 0, invalidByReason: new Map() };
  const places: string[] = [];
  for (const [index, { recordId, result, data }] of answers.entries()) {
    expect(recordId).toBe(sources[index]!.recordId);
    expect(result).toBe('Ok');
    for (const text of Buffer.from(data!, 'base64').toString().trimEnd().split('\n')) {
      const line = JSON.parse(text) as ArchivedLine;
      places.push(positionOf(line.sequenceNumber, line.subSequenceNumber));
      if (line.rejected === undefined) verdicts.valid++;
      else add(verdicts.invalidByReason, line.rejected);
    }
  }
  return { verdicts, places, recordIds: sources.map(({ recordId }) => recordId) };
}

/** What the aggregator counts of the batch, whether it comes to one delta or to one for each line. */
function counted(records: readonly ShardRecord[], events: number): Verdicts {
  const verdicts: Verdicts = { valid: 0, invalidByReason: new Map() };
  const limits = { bytes: 300_000, items: 4_000, events };
  for (const { content } of foldLines(linesOf(records), {
    minutesForDays: 36_500,
    isDuplicate: () => false,
    limits,
  })) {
    for (const { values } of content.dimensions.get('total')?.windows.get('minute')?.values() ?? [])
      verdicts.valid += values.get('all')!;
    for (const { values } of content.dimensions.get('invalid')?.windows.get('minute')?.values() ?? []) {
      for (const [reason, lines] of values) {
        verdicts.invalidByReason.set(reason, (verdicts.invalidByReason.get(reason) ?? 0) + lines);
      }
    }
  }
  return verdicts;
}

/** The place of every event of the records. */
function placesInStream(records: readonly ShardRecord[]): string[] {
  return records.flatMap(({ sequenceNumber, data }) =>
    readStreamRecord(data, arrival).flatMap((readings, subsequence) =>
      readings.map((_, line) => positionOf(sequenceNumber, eventIndex(subsequence, line))),
    ),
  );
}

describe('Aggregates and archive agree on any record that a stream may hold', () => {
  const batches = fc.array(streamRecord, { minLength: 1, maxLength: 10 }).map(shardRecords);

  it('in how many events are good, and how many bad for which reason', () => {
    fc.assert(
      fc.property(batches, (records) => {
        const { verdicts } = archived(records);
        expect(counted(records.map(arrivalOf), 30_000)).toEqual(verdicts);
        expect(counted(records.map(arrivalOf), 1)).toEqual(verdicts);
        const told = noEvents();
        for (const { counts } of foldLines(linesOf(records.map(arrivalOf)), { minutesForDays: 7 })) {
          told.valid += counts.valid;
          for (const [reason, lines] of counts.invalidByReason) told.invalidByReason.set(reason, lines);
        }
        expect({ valid: told.valid, invalidByReason: told.invalidByReason }).toEqual(verdicts);
      }),
      { numRuns: 1_000 },
    );
  });

  it('in the place of each event, which is its own', () => {
    fc.assert(
      fc.property(batches, (records) => {
        const { places, recordIds } = archived(records);
        const inStream = placesInStream(records);
        expect(new Set(inStream).size).toBe(inStream.length);
        expect(places).toEqual(inStream);
        expect([...linesOf(records)].map(({ position }) => position)).toEqual(inStream);
        expect(new Set(recordIds).size).toBe(recordIds.length);
      }),
      { numRuns: 500 },
    );
  });
});
