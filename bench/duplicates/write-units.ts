import { itemBytes, writeUnits } from '../../cost/table/item-size';
import { sequenceNumberOf, simulatedShard } from '../../cost/table/simulated-shard';
import { hash64 } from '../../domain/bytes/hash64';
import { AggregatesTable as attributes, type CounterKey, keyAttributes } from '../../domain/counter-item';
import { sliceMs } from '../../domain/duplicates/duplicate-filter';
import { positionOf } from '../../domain/event/position';
import { fold, type ShardRecord } from '../../domain/fold';
import { seededRandom } from '../../domain/numbers/random';
import { RecentEvents } from '../../domain/recent-events';
import { encodeChunk, recentAttribute, recentKey } from '../../domain/recent-item';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { defaultSite } from '../../producer/traffic/default-site';
import { counterTable } from '../sketches/table-model';
import { createBloomFilter } from './bloom-filter';

export interface UnitRow {
  readonly recordsPerSecond: number;
  /** Write units per 1,000 records. */
  readonly counters: number;
  readonly chunks: number;
  readonly markers: number;
  readonly bloomFilters: number;
  /** Read units per 1,000 records of a warm function that looks for new chunks or filters with each batch. */
  readonly reads: number;
  /** Read units of a cold start, which reads 6/5 of the horizon. */
  readonly coldStart: number;
}

const secondsPerBatch = 5;
const horizonSeconds = 300;
const hour = Date.UTC(2026, 0, 1, 12);

/** What a shard of one event a record writes besides its counters, with DynamoDB's rounding of real items. */
export function measureUnits(recordsPerSecond: number, minutes: number): UnitRow {
  const product = { ...defaultSite.pages[0]!, path: '/product/{n}', weight: 1, count: 1_000 };
  const clicks = createClickGenerator(seededRandom('write units'), { ...defaultSite, pages: [product] });
  const counters = counterTable();
  const recent = new RecentEvents(sliceMs(horizonSeconds));
  const units = { counters: 0, chunks: 0, markers: 0, bloomFilters: 0 };
  const batches = (minutes * 60) / secondsPerBatch;
  const size = recordsPerSecond * secondsPerBatch;
  let chunkBytes = 0;
  for (let batch = 0; batch < batches; batch++) {
    const records: ShardRecord[] = Array.from({ length: size }, (_, index) => {
      const number = batch * size + index;
      const arrivedAt = Math.floor(hour + (number / recordsPerSecond) * 1_000);
      return {
        sequenceNumber: sequenceNumberOf(number * 7),
        data: Buffer.from(JSON.stringify(clicks.next(arrivedAt))),
        arrivedAt,
      };
    });
    const filter = recent.begin(positionOf(records[0]!.sequenceNumber, 0));
    const ids: string[] = [];
    const { runs } = fold(simulatedShard, records, (event) => {
      ids.push(event.eventId);
      return filter.isDuplicate(event);
    });
    for (const run of runs) units.counters += counters.write(run).units;

    for (const chunk of filter.chunks()) {
      const key = recentKey(simulatedShard, sliceMs(horizonSeconds), chunk);
      const bytes = itemBytes(framed(key, { [recentAttribute]: { B: encodeChunk(chunk) } }));
      units.chunks += writeUnits(bytes);
      chunkBytes += bytes;
      recent.learn(chunk);
      const bloom = createBloomFilter(ids.length);
      for (const id of ids) bloom.add(hash64(id));
      units.bloomFilters += writeUnits(itemBytes(framed(key, { [recentAttribute]: { B: bloom.bytes } })));
    }
    for (const [index, id] of ids.entries()) {
      const position = positionOf(records[index]!.sequenceNumber, 0);
      const marker = framed(
        { pk: `event#${simulatedShard}`, sk: id },
        { [attributes.position]: { S: position } },
      );
      units.markers += writeUnits(itemBytes(marker));
    }
  }
  const perThousand = (sum: number): number => sum / ((size * batches) / 1_000);
  // A consistent query that finds nothing takes one unit; one that reads takes one for 4 KB, of all items together.
  const coldBytes = (chunkBytes / (batches * secondsPerBatch)) * horizonSeconds * 1.2;
  return {
    recordsPerSecond,
    counters: perThousand(units.counters),
    chunks: perThousand(units.chunks),
    markers: perThousand(units.markers),
    bloomFilters: perThousand(units.bloomFilters),
    reads: perThousand(batches),
    coldStart: Math.ceil(coldBytes / 4_096),
  };
}

function framed(key: CounterKey, content: Parameters<typeof itemBytes>[0]) {
  return {
    ...keyAttributes(key),
    ...content,
    [attributes.timeToLive]: { N: '1767225599' },
  };
}
