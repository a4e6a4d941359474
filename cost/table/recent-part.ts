import { AggregatesTable as attributes, keyAttributes } from '../../domain/counter-item';
import { sliceMs } from '../../domain/duplicates';
import type { Hash64 } from '../../domain/hash64';
import { chunksOf, type SeenEvent } from '../../domain/recent-chunk';
import { encodeChunk, recentAttribute, recentKey } from '../../domain/recent-item';
import { itemBytes, readUnits, storedOverheadBytes, writeUnits } from './item-size';
import { simulatedShard } from './simulated-shard';
import { type DrawnClick, salted, type TablePart } from './table-part';

/** Epoch seconds, of ten digits that say something. */
const anExpiry = '1767225599';

/**
 * The recent events, by which duplicates are told: a batch asks for what others have put since the last one, which is
 * nothing in a warm function (the first asks twice), and puts its own.
 *
 * @param deduplicationSeconds above 0
 */
export function recentPart(deduplicationSeconds: number): TablePart {
  const slice = sliceMs(deduplicationSeconds);
  let events: SeenEvent[] = [];
  let isWarm = false;
  let writes = 0;
  let writeUnitSum = 0;
  let readUnitSum = 0;
  let stored = 0;

  const see = ({ click, salt }: DrawnClick, arrivedAt: number): void => {
    const hash: Hash64 = salted(click.eventId, salt);
    events.push({ hash, position: click.counted[0]!.entry.position, slice: Math.floor(arrivedAt / slice) });
  };

  return {
    add: see,
    addLate: (drawn, _happenedAt, arrivedAt) => see(drawn, arrivedAt),
    endBatch(weight) {
      readUnitSum += weight * (isWarm ? 1 : 2) * readUnits(0);
      isWarm = true;
      for (const chunk of chunksOf(events)) {
        const bytes = itemBytes({
          ...keyAttributes(recentKey(simulatedShard, slice, chunk)),
          [recentAttribute]: { B: encodeChunk(chunk) },
          [attributes.timeToLive]: { N: anExpiry },
        });
        writes += weight;
        writeUnitSum += weight * writeUnits(bytes);
        stored += weight * (bytes + storedOverheadBytes);
      }
      events = [];
    },
    grow: () => false,
    charges: () => ({
      writes,
      writeUnits: writeUnitSum,
      readUnits: readUnitSum,
      storedBytes: { minute: 0, hour: 0, recent: stored },
    }),
  };
}
