import { gzipSync } from 'node:zlib';
import { archiveLine } from '../../domain/archive/archive-line';
import { readRecord } from '../../domain/event/record';
import { seededRandom } from '../../domain/numbers/random';
import { shardId } from '../aggregator-event';
import { sequenceNumberOf } from '../sequence-numbers';
import { clickSource } from './batches';

export interface ArchiveBytes {
  readonly perEvent: number;
  readonly perLine: number;
  /** Of a line in an object. */
  readonly compressed: number;
}

/** What becomes of an event in the archive, on the mean of `count` generated clicks in one object. */
export function archiveBytes(count: number): ArchiveBytes {
  const arrivedAt = Date.UTC(2026, 0, 31, 9, 30);
  const lines: Buffer[] = [];
  const random = seededRandom('sequence numbers');
  let sequence = BigInt(sequenceNumberOf(0));
  let events = 0;
  for (const [index, click] of clickSource()(count).entries()) {
    events += click.length;
    // They grow by anything: neighbours do not look alike at the end.
    sequence += BigInt(random.uint32()) * BigInt(random.uint32());
    const sequenceNumber = String(sequence);
    const place = { arrivedAt: arrivedAt + index, shardId, sequenceNumber };
    for (const reading of readRecord(Buffer.from(click), arrivedAt)) {
      lines.push(archiveLine(reading, { ...place, subSequenceNumber: 0 }));
    }
  }
  const object = Buffer.concat(lines);
  return {
    perEvent: events / count,
    perLine: object.length / count,
    compressed: gzipSync(object).length / count,
  };
}
