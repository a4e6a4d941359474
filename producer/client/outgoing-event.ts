import { createHash } from 'node:crypto';
import type { ClickEvent } from '../../domain/event/click-event';

/** One event on its way to the stream. */
export interface OutgoingEvent {
  /**
   * The event as it is sent: one JSON object in UTF-8, without a line feed. It is held until the receipt, and a view on
   * something larger holds that.
   */
  readonly data: Uint8Array;
  /** 1–256 characters; events of one key go to one shard. */
  readonly partitionKey: string;
}

/** Kinesis takes no longer key (AWS docs: PutRecordsRequestEntry). */
const maxPartitionKeyCharacters = 256;

/** The record of an event: its JSON, keyed by its visitor. */
export function outgoingEvent(event: ClickEvent): OutgoingEvent {
  const data = Buffer.from(JSON.stringify(event));
  return { data, partitionKey: partitionKeyOf(event.visitorId, data) };
}

/**
 * The visitor's id where Kinesis takes it; its SHA-256 where it is too long or no proper Unicode text; and a hash of
 * the whole event where it names no visitor.
 */
export function partitionKeyOf(visitorId: unknown, data: Uint8Array): string {
  if (typeof visitorId !== 'string' || visitorId === '') return sha256Hex(data);
  const fits = visitorId.length <= maxPartitionKeyCharacters && visitorId.isWellFormed();
  return fits ? visitorId : sha256Hex(visitorId);
}

/** What the record counts towards Kinesis's limits: its data and its key. */
export function sizeBytes(event: OutgoingEvent): number {
  return event.data.byteLength + Buffer.byteLength(event.partitionKey);
}

function sha256Hex(of: Uint8Array | string): string {
  return createHash('sha256').update(of).digest('hex');
}
