import { simulatedShard } from '../../cost/table/simulated-shard';
import { hash64 } from '../../domain/bytes/hash64';
import { sliceMs } from '../../domain/duplicates/duplicate-filter';
import { positionOf } from '../../domain/event/position';
import { fold, type ShardRecord } from '../../domain/fold';
import { seededRandom } from '../../domain/numbers/random';
import { chunksOf } from '../../domain/recent-chunk';
import { RecentEvents } from '../../domain/recent-events';
import { decodeChunk, encodeChunk, recentSortKey } from '../../domain/recent-item';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { cpuTimer } from '../cpu-timer';

/** Microseconds of CPU time. */
export interface CpuRow {
  /** Reading and folding one record, which every batch takes. */
  readonly foldPerRecord: number;
  /** What telling duplicates adds, in a warm function that knows the whole horizon, its chunk included. */
  readonly removalPerRecord: number;
  /** Decoding and learning the chunks of 6/5 of the horizon, once in a cold function. */
  readonly coldStart: number;
  readonly memoryBytes: number;
}

const horizonSeconds = 300;
const secondsPerBatch = 5;
const at = Date.UTC(2026, 0, 1, 12);

/** @param recordsPerSecond of one event each, in batches of five seconds */
export function measureCpu(recordsPerSecond: number, rounds: number): CpuRow {
  const size = recordsPerSecond * secondsPerBatch;
  const batches = (horizonSeconds * 1.2) / secondsPerBatch;
  const sequenceNumber = (n: number): string => String(10n ** 55n + BigInt(n));
  const arrival = (n: number): number => at + Math.floor((n * 1_000) / recordsPerSecond);
  const stored: [string, Uint8Array][] = [];
  for (let batch = 0; batch < batches; batch++) {
    const events = Array.from({ length: size }, (_, i) => ({
      hash: hash64(`event-${batch * size + i}`),
      position: positionOf(sequenceNumber(batch * size + i), 0),
      slice: Math.floor(arrival(batch * size + i) / sliceMs(horizonSeconds)),
    }));
    for (const chunk of chunksOf(events))
      stored.push([recentSortKey(chunk.last, chunk.first), encodeChunk(chunk)]);
  }
  let recent = new RecentEvents(sliceMs(horizonSeconds));
  const coldStart = leastCpu(rounds, () => {
    recent = new RecentEvents(sliceMs(horizonSeconds));
    for (const [sortKey, bytes] of stored) recent.learn(decodeChunk(sortKey, bytes));
    recent.begin(positionOf(sequenceNumber(batches * size), 0));
  });

  const clicks = createClickGenerator(seededRandom('cpu'));
  const records: ShardRecord[] = Array.from({ length: size }, (_, i) => {
    const n = batches * size + i;
    const arrivedAt = arrival(n);
    return {
      sequenceNumber: sequenceNumber(n),
      data: Buffer.from(JSON.stringify(clicks.next(arrivedAt))),
      arrivedAt,
    };
  });
  const folding = leastCpu(rounds, () => fold(simulatedShard, records));
  const removing = leastCpu(rounds, () => {
    const filter = recent.begin(positionOf(records[0]!.sequenceNumber, 0));
    fold(simulatedShard, records, filter.isDuplicate);
    for (const chunk of filter.chunks()) encodeChunk(chunk);
  });
  return {
    foldPerRecord: folding / size,
    removalPerRecord: (removing - folding) / size,
    coldStart,
    memoryBytes: recent.bytes,
  };
}

/** Of several, after two that warm up: whatever else the machine does only adds. */
function leastCpu(rounds: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = -2; round < rounds; round++) {
    const micros = cpuTimer();
    work();
    const cpuMicros = micros();
    if (round >= 0) least = Math.min(least, cpuMicros);
  }
  return least;
}
