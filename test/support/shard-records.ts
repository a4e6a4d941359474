import type { ShardRecord } from '../../domain/event/shard-lines';

export const shardKey = 'clicks/shardId-000000000000';

/** When the first of `shardRecords` arrives. */
export const arrival = Date.parse('2026-03-01T10:00:00.000Z');

const firstSequenceNumber = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;

/**
 * Records of a shard with growing sequence numbers, a second apart.
 *
 * @param from how many stand before them
 */
export function shardRecords(data: readonly (string | Uint8Array)[], from = 0): ShardRecord[] {
  return data.map((text, index) => ({
    sequenceNumber: String(firstSequenceNumber + BigInt(from + index) * 7n),
    data: typeof text === 'string' ? Buffer.from(text) : text,
    arrivedAt: arrival + (from + index) * 1000,
  }));
}
