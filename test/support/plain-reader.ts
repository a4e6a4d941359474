import { isUtf8 } from 'node:buffer';
import {
  type ClickEvent,
  lateAfterMs,
  maxEventBytes,
  maxFutureMs,
  optionalFields,
  requiredFields,
} from '../../domain/event/click-event';
import { reservedFields } from '../../domain/event/record';
import { parseTimestamp } from '../../domain/event/timestamp';
import { scanObject } from './plain-json-scanner';

/** What a line means, without how it is held. */
export type PlainReading =
  | {
      readonly event: ClickEvent;
      readonly at: number;
      readonly late: boolean;
      readonly text: string;
      readonly closingBrace: number;
    }
  | { readonly reason: string; readonly text: string };

const reservedNames: ReadonlySet<string> = new Set([...reservedFields].map((name) => name.toLowerCase()));

const knownFields: ReadonlySet<string> = new Set<string>([...requiredFields, ...optionalFields]);

/** The lines of a record that is no aggregate. */
export function plainReadings(bytes: Buffer, arrivedAt: number): PlainReading[] {
  const lines = splitLines(bytes);
  if (lines.length === 0) return [{ reason: 'empty', text: textOf(bytes) }];
  const first = readLine(lines[0]!, arrivedAt);
  if (lines.length === 1) return [first];
  const isPrinted = 'reason' in first && first.reason === 'not_json' && isJson(bytes);
  return isPrinted ? [readLine(bytes, arrivedAt)] : lines.map((line) => readLine(line, arrivedAt));
}

function readLine(bytes: Buffer, arrivedAt: number): PlainReading {
  const rejected = (reason: string) => ({ reason, text: textOf(bytes) });
  if (bytes.length > maxEventBytes) return rejected('too_large');
  if (!isUtf8(bytes)) return rejected('not_utf8');
  const scan = scanObject(bytes);
  if (!scan.ok) return rejected(scan.reason);

  const fields: Record<string, string> = {};
  for (const member of scan.members) {
    if (reservedNames.has(member.name.toLowerCase())) return rejected('reserved_field');
    const value = bytes.toString('utf8', member.start, member.end);
    if (!knownFields.has(member.name) || value === 'null') continue;
    if (!value.startsWith('"')) return rejected(`mistyped_field:${member.name}`);
    fields[member.name] = JSON.parse(value);
  }
  for (const name of requiredFields) {
    if (fields[name] === undefined || fields[name] === '') return rejected(`missing_field:${name}`);
  }
  const event = fields as unknown as ClickEvent;
  const at = parseTimestamp(event.timestamp);
  if (at === undefined) return rejected('bad_timestamp');
  if (at - arrivedAt > maxFutureMs) return rejected('future');
  return { event, at, late: arrivedAt - at > lateAfterMs, text: textOf(bytes), closingBrace: scan.end };
}

function textOf(bytes: Buffer): string {
  return bytes.toString('latin1');
}

function isJson(bytes: Buffer): boolean {
  if (bytes.length > maxEventBytes) return false;
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function splitLines(bytes: Buffer): Buffer[] {
  return textOf(bytes)
    .split('\n')
    .filter((line) => /[^ \t\r]/.test(line))
    .map((line) => Buffer.from(line, 'latin1'));
}
