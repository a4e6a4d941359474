import { unpack } from '../domain/event/kpl';

/** A record of the stream. */
export interface CountedRecord {
  readonly shardId: string;
  readonly data: Uint8Array;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
}

/** What counters and archive must hold, by dimension and value; the empty value stands for the hour's total. */
export interface Totals {
  readonly validByHour: Map<string, number>;
  readonly byPage: Map<string, number>;
  invalid: number;
  late: number;
  /** Valid events that count under no dimension but this one. */
  duplicates: number;
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
  const totals: Totals = {
    validByHour: new Map(),
    byPage: new Map(),
    invalid: 0,
    late: 0,
    duplicates: 0,
    eventIds: [],
  };
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
    for (const inner of unpack(data)) {
      for (const line of linesOf(Buffer.from(inner.data))) {
        const event = readEvent(line, arrivedAt);
        if (!event) {
          totals.invalid++;
          continue;
        }
        totals.eventIds.push(event.eventId);
        if (isDuplicate(shardId, event.eventId, arrivedAt)) {
          totals.duplicates++;
          continue;
        }
        const hour = `${new Date(event.at).toISOString().slice(0, 13)}:00:00Z`;
        increase(totals.validByHour, hour);
        increase(totals.byPage, event.page);
        if (arrivedAt - event.at > lateMs) totals.late++;
      }
    }
  }
  return totals;
}

/** A record without any line but blank ones is one bad line. */
function linesOf(data: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start <= data.length; ) {
    const feed = data.indexOf('\n', start);
    const end = feed === -1 ? data.length : feed;
    const line = data.subarray(start, end);
    if (/[^ \t\r]/.test(line.toString('latin1'))) lines.push(line);
    start = end + 1;
  }
  return lines.length > 0 ? lines : [data];
}

const required = ['eventId', 'type', 'timestamp', 'visitorId', 'page'] as const;

function readEvent(line: Buffer, arrivedAt: number): Event | undefined {
  if (line.length > longestBytes) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  if (required.some((name) => typeof fields[name] !== 'string' || fields[name] === '')) return undefined;
  const at = Date.parse(String(fields.timestamp));
  if (Number.isNaN(at) || at - arrivedAt > futureMs) return undefined;
  return { eventId: String(fields.eventId), page: String(fields.page), at };
}

function increase(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}
