import { scanObject } from '../../domain/json-scanner';
import { parseTimestamp } from '../../domain/timestamp';
import { partitionKeyOf } from '../outgoing-event';
import type { SourceItem } from './event-source';

/**
 * One JSON object a line, sent byte for byte. Whether it is a click event is for the pipeline to say, so that what is
 * wrong with it is counted and archived there; a line that is no JSON object at all is not sent.
 */
export function ndjsonEvent(line: Buffer, number: number, shiftMs: number): SourceItem {
  const value = parseObject(line);
  if (!value) return { ok: false, line: number, reason: 'not a JSON object' };
  const at = typeof value.timestamp === 'string' ? parseTimestamp(value.timestamp) : undefined;
  const data = at === undefined || shiftMs === 0 ? line : withTimestamp(line, at + shiftMs);
  return { ok: true, line: number, at, data, partitionKey: partitionKeyOf(value.visitorId, line) };
}

interface Fields {
  readonly timestamp?: unknown;
  readonly visitorId?: unknown;
}

function parseObject(line: Buffer): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the timestamp's text and no other byte. */
function withTimestamp(line: Buffer, at: number): Buffer {
  const scan = scanObject(line);
  // What the scanner refuses (a name twice, nested too deep) the pipeline refuses too: its time does not matter.
  const member = scan.ok ? scan.members.find(({ name }) => name === 'timestamp') : undefined;
  if (!member) return line;
  return Buffer.concat([
    line.subarray(0, member.start),
    Buffer.from(JSON.stringify(new Date(at).toISOString())),
    line.subarray(member.end),
  ]);
}
