import type { Settings } from '../../lib/settings';

/** What the aggregator and the compactor are given, from one shard. */
export interface ShardLoad
  extends Pick<
    Settings,
    'batchSize' | 'batchingWindowSeconds' | 'compactionSeconds' | 'deduplicationSeconds' | 'uniqueVisitors'
  > {
  readonly recordsPerSecond: number;
  readonly eventsPerRecord: number;
  readonly recordBytes: number;
  readonly pages: number;
  readonly lateShare: number;
}

/** Lambda's limit of an event, in which a record is base64 with about so many bytes around it. */
const invocationBytes = 6 * 1024 * 1024;
const recordEnvelopeBytes = 546;

/** The mapping asks a shard for records once a second, so that no batch is gathered in less. */
const pollSeconds = 1;

/** Records of one batch, by whichever bound comes first. The batching window opens with the batch's first record. */
export function recordsOfBatch(
  load: Pick<ShardLoad, 'recordsPerSecond' | 'recordBytes' | 'batchSize' | 'batchingWindowSeconds'>,
): number {
  const { recordsPerSecond, recordBytes, batchSize, batchingWindowSeconds } = load;
  const inWindow = 1 + Math.floor(recordsPerSecond * Math.max(batchingWindowSeconds, pollSeconds));
  const inPayload = Math.floor(invocationBytes / invocationBytesOf(recordBytes));
  return Math.max(1, Math.min(inWindow, batchSize, inPayload));
}

/** What a record takes of an invocation's event. */
function invocationBytesOf(recordBytes: number): number {
  return Math.ceil(recordBytes / 3) * 4 + recordEnvelopeBytes;
}
