import { gunzipSync } from 'node:zlib';
import { isObject, parseObject } from '../../domain/json/json-object';

/** A line that CloudWatch Logs took. */
export interface LogEvent {
  /** Nothing else in CloudWatch Logs has it; a copy of the line has the same. */
  readonly id: string;
  readonly message: string;
}

/**
 * What the function's memory takes with all that is made of it. AWS does not say how much a record may hold; one of 1 MiB
 * with lines of an access log holds some 10.
 */
export const maxUnpackedBytes = 32 * 1024 * 1024;

const magic = Buffer.from([0x1f, 0x8b]);

/** Whether a record may be one of CloudWatch Logs: it begins as gzip does, and as no line of text does. */
export function isPacked(data: Buffer): boolean {
  return data.subarray(0, magic.length).equals(magic);
}

/**
 * The lines that a record of a subscription holds, none for one that only tries whether the stream is there (AWS docs:
 * Log group-level subscription filters). Undefined for a record that is none of these, or holds more than is read.
 */
export function readLogEvents(data: Buffer): readonly LogEvent[] | undefined {
  const message = parseObject(unpacked(data)?.toString('utf8') ?? '');
  if (message?.messageType === 'CONTROL_MESSAGE') return [];
  const { messageType, logEvents } = message ?? {};
  if (messageType !== 'DATA_MESSAGE' || !Array.isArray(logEvents)) return undefined;
  return logEvents.every(isLogEvent) ? logEvents : undefined;
}

function unpacked(data: Buffer): Buffer | undefined {
  try {
    return gunzipSync(data, { maxOutputLength: maxUnpackedBytes });
  } catch {
    // Damaged, or larger.
    return undefined;
  }
}

function isLogEvent(event: unknown): event is LogEvent {
  return isObject(event) && typeof event.id === 'string' && typeof event.message === 'string';
}
