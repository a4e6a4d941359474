import { unpack } from '../domain/event/kpl';

/** A record of the stream. */
export interface CountedRecord {
  readonly shardId: string;
  readonly data: Uint8Array;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
}

/** What counters and archive must hold. */
export interface Totals {
  readonly validByHour: ReadonlyMap<string, number>;
  readonly byPage: ReadonlyMap<string, number>;
  readonly invalid: number;
  readonly late: number;
  /** Valid events that count under no dimension but this one. */
  readonly duplicates: number;
  /** Of valid events, a copy each. */
  readonly eventIds: string[];
}

interface Event {
  readonly eventId: string;
  readonly page: string;
  readonly at: number;
}

const longestBytes = 256 * 1024;
const futureMs = 15 * 60_000;
const lateMs = 60 * 60_000;
/** The horizon is told from five slices of time, so that a duplicate is one up to a slice longer. */
const slices = 5;

/**
 * Counts the records of a stream once more, shard by shard in their order. It is made from the README, and shares
 * nothing with the product's parser and fold but the reading of aggregates; it knows the events that the soak sends,
 * and not every subtlety that others could.
 *
 * @param deduplicationSeconds 0: nothing is a duplicate
 */
export async function countIndependently(
  records: AsyncIterable<CountedRecord>,
  deduplicationSeconds: number,
): Promise<Totals> {
  const hours: string[] = [];
  const pages: string[] = [];
  const eventIds: string[] = [];
  let [invalid, late, duplicates] = [0, 0, 0];
  const seen = new Map<string, number>();
  const sliceMs = (deduplicationSeconds * 1000) / slices;

  const isDuplicate = (shardId: string, eventId: string, arrivedAt: number): boolean => {
    if (deduplicationSeconds === 0) return false;
    const slice = Math.floor(arrivedAt / sliceMs);
    const key = `${shardId} ${eventId}`;
    const before = seen.get(key);
    // Where the clock was set back, an earlier copy may have come later.
    seen.set(key, Math.max(slice, before ?? slice));
    return before !== undefined && slice - before <= slices;
  };

  for await (const { shardId, data, arrivedAt } of records) {
    for (const line of unpack(data).flatMap((inner) => linesOf(Buffer.from(inner.data)))) {
      const event = readEvent(line, arrivedAt);
      if (!event) {
        invalid++;
        continue;
      }
      eventIds.push(event.eventId);
      if (isDuplicate(shardId, event.eventId, arrivedAt)) {
        duplicates++;
        continue;
      }
      hours.push(`${new Date(event.at).toISOString().slice(0, 13)}:00:00Z`);
      pages.push(event.page);
      if (arrivedAt - event.at > lateMs) late++;
    }
  }
  return { validByHour: tally(hours), byPage: tally(pages), invalid, late, duplicates, eventIds };
}

/** How often each value is there. */
export function tally(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** A record without any line but blank ones is one bad line. */
function linesOf(data: Buffer): Buffer[] {
  // A byte a character, so that what is no UTF-8 comes out as it went in.
  const lines = data
    .toString('latin1')
    .split('\n')
    .filter((line) => /[^ \t\r]/.test(line));
  return lines.length > 0 ? lines.map((line) => Buffer.from(line, 'latin1')) : [data];
}

const required = ['eventId', 'type', 'timestamp', 'visitorId', 'page'] as const;

function readEvent(line: Buffer, arrivedAt: number): Event | undefined {
  const fields = line.length > longestBytes ? undefined : parseJson(line);
  if (!isObject(fields)) return undefined;
  if (required.some((name) => typeof fields[name] !== 'string' || fields[name] === '')) return undefined;
  const at = Date.parse(String(fields.timestamp));
  if (Number.isNaN(at) || at - arrivedAt > futureMs) return undefined;
  return { eventId: String(fields.eventId), page: String(fields.page), at };
}

/** Undefined for what is no JSON in UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
