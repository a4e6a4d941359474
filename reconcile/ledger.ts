import { digestOf } from '../domain/archive/error-object';
import { formatWindow, windowStart } from '../domain/counters/window';
import type { Reading } from '../domain/event/record';
import { deliveredRecords } from '../domain/event/shard-lines';
import { eventIdIn, type LedgerCounts } from '../producer/ledger/line';
import type { LedgerEntry } from '../producer/ledger/read-ledger';
import { type EventPlace, placeId } from './archive-contents';
import { type ExpectedEvents, readExpected } from './expected-events';
import type { StreamSource } from './stream-contents';

export interface VerifyPorts {
  readonly ledger: AsyncIterable<LedgerEntry>;
  readonly stream: StreamSource;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Left out, the archive is not looked at. */
  readonly archive?: ArchivePort | undefined;
  /** Left out, the counters are not looked at. */
  readonly aggregates?: AggregatesPort | undefined;
}

export interface ArchivePort {
  /** The places of its lines. */
  readonly places: ReadonlySet<string>;
  /** The digests of records under the error prefix, because the transformer failed at them. */
  readonly failed: Pick<ReadonlyMap<string, unknown>, 'has'>;
  /** By when a line has to be there of what arrived then, in epoch milliseconds; undefined for one that will not come. */
  dueAt(place: EventPlace, arrivedAt: number): number | undefined;
}

export interface AggregatesPort {
  /** Valid events by the hour of their timestamp: `2026-01-31T09:00:00Z`. */
  readonly validByHour: ReadonlyMap<string, number>;
  readonly invalid: number;
  /** By when an event has to be counted, or given up, that arrived then; undefined if that time has come. */
  dueAt(place: EventPlace, arrivedAt: number): number | undefined;
}

/** What a ledger says, and whether it is so. */
export interface Verification {
  readonly ledger: LedgerCounts;
  /** Accepted events that stand where the ledger says. */
  readonly found: number;
  /** Further copies of accepted events: of an unanswered request, of a resumed run's overlap, or sent by others. */
  readonly furtherCopies: number;
  /** Events that the ledger does not have as accepted, and that the stream holds all the same. */
  readonly arrivedAfterAll: { readonly failed: number; readonly ambiguous: number };
  /** Accepted events that the archive holds; undefined if it was not looked at. */
  readonly archived: number | undefined;
  /** Accepted events that the counters hold; undefined likewise. */
  readonly counted: number | undefined;
  /** What is on its way to archive or counters, and by when it has to be there; undefined if nothing is. */
  readonly notYet:
    | { readonly archive: number; readonly counters: number; readonly dueBy: string }
    | undefined;
  /** Nothing that the ledger has as accepted is missing anywhere, now. */
  readonly exact: boolean;
  readonly differences: number;
  /** The first of them, in words. */
  readonly firstDifferences: readonly string[];
}

const differencesShown = 10;

/**
 * Compares a ledger with what the stream holds, and with archive and counters where there are ports to them.
 *
 * Further copies are no differences: the stream holds what was sent to it, and the ledger says of which events it may
 * hold more. Counters may be higher than the ledger's events make them, since others write to the stream as well, but
 * never lower. Memory is some 300 bytes an event of the ledger.
 */
export async function verifyLedger({
  ledger,
  stream,
  now,
  archive,
  aggregates,
}: VerifyPorts): Promise<Verification> {
  const expected = await readExpected(ledger);
  const first: string[] = [];
  let differences = 0;
  const differ = (text: string) => {
    differences++;
    if (first.length < differencesShown) first.push(text);
  };
  for (const place of expected.twice) differ(`${place}: the ledger has two events at this place`);

  const counts = { found: 0, furtherCopies: 0, archived: 0 };
  const pending = new Pending(now);
  const hours = new Map<string, ExpectedCount>();
  const invalid = new ExpectedCount();
  const compare = (place: EventPlace, arrivedAt: number, reading: Reading, isFailed: boolean) => {
    const eventId = eventIdIn(reading.bytes);
    const event = expected.take(place);
    if (!event) {
      if (expected.isFurtherCopy(eventId)) counts.furtherCopies++;
      return;
    }
    if (event.eventId !== eventId && !event.isMalformed) {
      differ(`${placeId(place)}: the stream holds event ${eventId}, the ledger has ${event.eventId}`);
      return;
    }
    counts.found++;
    const hour = reading.ok ? formatWindow(windowStart('hour', reading.at)) : undefined;
    const count = hour === undefined ? invalid : (hours.get(hour) ?? new ExpectedCount());
    if (hour !== undefined) hours.set(hour, count);
    count.add(aggregates?.dueAt(place, arrivedAt), now);
    if (isFailed || archive?.places.has(placeId(place))) counts.archived++;
    else if (archive && !pending.isArchivedBy(archive.dueAt(place, arrivedAt)))
      differ(`${placeId(place)}: event ${eventId} is not in the archive`);
  };

  for (const shardId of await stream.shardIds()) {
    // From the oldest record on: an event may stand before the first place that a ledger knows of.
    for await (const records of stream.read(shardId, { arrivedAt: 0 })) {
      for (const record of records) {
        const { sequenceNumber, arrivedAt } = record;
        for (const { data, lines } of deliveredRecords(record)) {
          const isFailed = archive?.failed.has(digestOf(data)) ?? false;
          for (const { index: subSequenceNumber, reading } of lines)
            compare({ shardId, sequenceNumber, subSequenceNumber }, arrivedAt, reading, isFailed);
        }
      }
    }
  }
  reportMissing(expected, differ);
  const counted = aggregates && compareCounters(hours, invalid, aggregates, pending, differ);
  const notYet = pending.all();
  return {
    ledger: expected.counts,
    ...counts,
    arrivedAfterAll: expected.arrivedAfterAll(),
    archived: archive && counts.archived,
    counted,
    notYet,
    exact: differences === 0 && notYet === undefined,
    differences,
    firstDifferences: first,
  };
}

function reportMissing(expected: ExpectedEvents, differ: (text: string) => void): void {
  for (const { place, eventId } of expected.left()) {
    differ(`${place}: event ${eventId} is not in the stream (any more)`);
  }
}

/** What is on its way. */
class Pending {
  private archive = 0;
  private counters = 0;
  private dueBy = 0;

  constructor(private readonly now: number) {}

  /** Whether a line that is not there has to be there later only. */
  isArchivedBy(dueAt: number | undefined): boolean {
    if (dueAt === undefined || dueAt <= this.now) return false;
    this.archive++;
    this.dueBy = Math.max(this.dueBy, dueAt);
    return true;
  }

  /** Whether so many events that are not counted have to be counted later only. */
  areCountedLater(missing: number, { pending, dueBy }: ExpectedCount): boolean {
    if (missing > pending) return false;
    this.counters += missing;
    this.dueBy = Math.max(this.dueBy, dueBy);
    return true;
  }

  all(): Verification['notYet'] {
    const { archive, counters, dueBy } = this;
    return archive + counters > 0 ? { archive, counters, dueBy: new Date(dueBy).toISOString() } : undefined;
  }
}

/** Events that count together, and how many of them the aggregator has not come to. */
class ExpectedCount {
  events = 0;
  pending = 0;
  dueBy = 0;

  add(dueAt: number | undefined, now: number): void {
    this.events++;
    if (dueAt === undefined || dueAt <= now) return;
    this.pending++;
    this.dueBy = Math.max(this.dueBy, dueAt);
  }
}

/** How many of the events are counted. */
function compareCounters(
  hours: ReadonlyMap<string, ExpectedCount>,
  invalid: ExpectedCount,
  aggregates: AggregatesPort,
  pending: Pending,
  differ: (text: string) => void,
): number {
  let counted = 0;
  const compare = (what: string, expected: ExpectedCount, inTable: number): void => {
    const { events } = expected;
    counted += Math.min(events, inTable);
    if (inTable >= events || pending.areCountedLater(events - inTable, expected)) return;
    differ(
      `${what}: ${inTable} ${inTable === 1 ? 'event is' : 'events are'} counted, the ledger has ${events}`,
    );
  };
  compare('invalid', invalid, aggregates.invalid);
  for (const [hour, events] of hours) {
    compare(`hour ${hour}`, events, aggregates.validByHour.get(hour) ?? 0);
  }
  return counted;
}
