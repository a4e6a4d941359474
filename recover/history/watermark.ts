import { positionOf } from '../../domain/event/position';
import { createFileCheckpointStore } from '../../local/adapters/file-checkpoint-store';
import type { ReadFrom, StreamPort } from './stream-port';

/** How far the delivery stream has come: what lies before is archived, unless the transformer failed at it. */
export interface Watermark {
  /** Whether a record, and all before it in its shard, is stored. */
  covers(shardId: string, sequenceNumber: string, arrivedAt: number): boolean;
  /** Whether the delivery stream has come past a record: what the archive lacks then, it will not get. */
  hasPassed(shardId: string, sequenceNumber: string, arrivedAt: number): boolean;
  /** Where to read a shard of the stream for what may not be stored yet. */
  readFrom(shardId: string): ReadFrom;
  /** In words, for the report. */
  describe(shardId: string): string;
}

/** Asks anew each time: whoever reads objects after it sees all that it tells of. */
export type ReadWatermark = () => Promise<Watermark>;

/** What the delivery stream on this machine keeps of its progress. */
interface DeliveryProgress {
  readonly shards: Readonly<
    Record<string, { readonly sequenceNumber?: string; readonly finished?: boolean }>
  >;
}

/** By the checkpoint of the delivery stream on this machine, which follows its objects. */
export function localWatermark(checkpoints: string, deliveryStream: string): ReadWatermark {
  const store = createFileCheckpointStore(checkpoints);
  return async () => {
    const { shards = {} } =
      (await store.get<Partial<DeliveryProgress>>(`delivery-stream/${deliveryStream}`)) ?? {};
    const covers: Watermark['covers'] = (shardId, sequenceNumber) => {
      const { sequenceNumber: stored, finished = false } = shards[shardId] ?? {};
      if (finished) return true;
      return stored !== undefined && positionOf(sequenceNumber, 0) <= positionOf(stored, 0);
    };
    return {
      covers,
      hasPassed: covers,
      readFrom: (shardId) => {
        const stored = shards[shardId]?.sequenceNumber;
        return stored === undefined ? { arrivedAt: 0 } : { after: stored };
      },
      describe: (shardId) => {
        const { sequenceNumber: stored, finished = false } = shards[shardId] ?? {};
        if (finished) return `${shardId} is archived to its end`;
        return stored === undefined
          ? `nothing of ${shardId} is archived yet`
          : `${shardId} is archived up to ${stored}`;
      },
    };
  };
}

/** By what somebody says: what arrived before the instant (epoch milliseconds) is stored. */
export function watermarkAt(instant: number): Watermark {
  const covers: Watermark['covers'] = (_shardId, _sequenceNumber, arrivedAt) => arrivedAt < instant;
  return {
    covers,
    hasPassed: covers,
    readFrom: () => ({ arrivedAt: instant }),
    describe: () => `what arrived before ${new Date(instant).toISOString()} is archived`,
  };
}

/**
 * Until the delivery stream has a record in an object, or has given up the transformer: AWS docs, 900 s in the buffer before
 * it, 900 s in the one behind it, and what its attempts take. Behind an outage it may come later: then twice.
 */
export const deliveryMs = 3_600_000;

/**
 * Where nobody says: the delivery stream stores what the stream holds, or never will. So what the stream has forgotten is
 * final, and what it holds is read from there.
 */
export function streamWatermark(stream: Pick<StreamPort, 'describe'>, now: () => number): ReadWatermark {
  return async () => {
    const { retentionMs } = await stream.describe();
    const forgotten = watermarkAt(now() - retentionMs);
    const { hasPassed } = watermarkAt(now() - deliveryMs);
    return { ...forgotten, hasPassed, describe: () => 'the delivery stream may still be behind' };
  };
}
