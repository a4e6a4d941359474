import { createHash } from 'node:crypto';
import type { LineReader } from '../../formats/line-reader';

/** What a reader makes of a line, its time moved by `shiftMs`. */
export function readLine(
  reader: LineReader,
  text: string | Buffer,
  { line = 12, file = 1, shiftMs = 0 }: { line?: number; file?: number; shiftMs?: number } = {},
) {
  const reading = reader(Buffer.from(text), { file, line });
  if (!reading?.ok) return { reading };
  const told = reading.at === undefined ? undefined : reading.at + shiftMs;
  const { data, partitionKey } = reading.outgoing(told);
  return { reading, data: Buffer.from(data), partitionKey, event: parsed(Buffer.from(data)) };
}

/** Ids are the first 32 hex digits. */
export function sha256(of: string | Buffer): string {
  return createHash('sha256').update(of).digest('hex').slice(0, 32);
}

/** The instant (epoch seconds) as a log in a zone so many minutes east of Greenwich writes it. */
export function logTime(at: number, offset: number): string {
  const [, day, month, year, time] = /(\d\d) (\w{3}) (\d{4}) ([\d:]{8})/.exec(
    new Date((at + offset * 60) * 1000).toUTCString(),
  )!;
  const minutes = Math.abs(offset);
  const zone = `${Math.floor(minutes / 60)}`.padStart(2, '0') + `${minutes % 60}`.padStart(2, '0');
  return `${day}/${month}/${year}:${time} ${offset < 0 ? '-' : '+'}${zone}`;
}

function parsed(data: Buffer): Record<string, string> {
  return JSON.parse(data.toString()) as Record<string, string>;
}
