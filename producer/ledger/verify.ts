import { formatWindow, windowStart } from '../../domain/counters/window';
import { unpack } from '../../domain/event/kpl';
import { eventIndex } from '../../domain/event/position';
import { type Reading, readRecord } from '../../domain/event/record';
import { eventIdIn } from './event-id';
import { type ExpectedEvents, readExpected } from './expected-events';
import type { LedgerCounts, LedgerPlace } from './line';
import type { LedgerEntry } from './read-ledger';
import type { RecordInStream } from './stream-records';

export interface VerifyPorts {
  readonly ledger: AsyncIterable<LedgerEntry>;
  /** All that the stream holds since the ledger was begun, in any order. */
  readonly stream: AsyncIterable<RecordInStream>;
  /** Left out, the archive is not looked at. */
  readonly archive?: ArchivePort | undefined;
  /** Left out, the counters are not looked at. */
  readonly aggregates?: AggregatesPort | undefined;
}

export interface ArchivePort {
  /** Whether a line of this place is archived. */
  hasLine(place: LedgerPlace): boolean;
  /** Whether a record of these bytes stands under the error prefix, because the transformer failed at it. */
  hasFailed(data: Uint8Array): boolean;
}

export interface AggregatesPort {
  /** Valid events by the hour of their timestamp: `2026-01-31T09:00:00Z`. */
  readonly validByHour: ReadonlyMap<string, number>;
  readonly invalid: number;
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
  /** Nothing that the ledger has as accepted is missing anywhere. */
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
  const hours = new Map<string, number>();
  let invalid = 0;
  const compare = (place: LedgerPlace, reading: Reading, isFailed: boolean) => {
    const eventId = eventIdIn(reading.bytes);
    const event = expected.take(place);
    if (!event) {
      if (expected.isFurtherCopy(eventId)) counts.furtherCopies++;
      return;
    }
    if (event.eventId !== eventId && !event.isMalformed) {
      differ(`${text(place)}: the stream holds event ${eventId}, the ledger has ${event.eventId}`);
      return;
    }
    counts.found++;
    if (reading.ok) {
      const hour = formatWindow(windowStart('hour', reading.at));
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
    } else invalid++;
    if (isFailed || archive?.hasLine(place)) counts.archived++;
    else if (archive) differ(`${text(place)}: event ${eventId} is not in the archive (yet)`);
  };

  for await (const { shardId, sequenceNumber, data, arrivedAt } of stream) {
    unpack(data).forEach((inner, subsequence) => {
      // Firehose unpacks aggregates, so that the error prefix has their records one by one.
      const isFailed = archive?.hasFailed(inner.data) ?? false;
      readRecord(inner.data, arrivedAt).forEach((reading, line) => {
        const subSequenceNumber = eventIndex(subsequence, line);
        compare({ shardId, sequenceNumber, subSequenceNumber }, reading, isFailed);
      });
    });
  }
  reportMissing(expected, differ);
  return {
    ledger: expected.counts,
    ...counts,
    arrivedAfterAll: expected.arrivedAfterAll(),
    archived: archive && counts.archived,
    counted: aggregates && compareCounters(hours, invalid, aggregates, differ),
    exact: differences === 0,
    differences,
    firstDifferences: first,
  };
}

function reportMissing(expected: ExpectedEvents, differ: (text: string) => void): void {
  for (const { place, eventId } of expected.left()) {
    differ(`${place}: event ${eventId} is not in the stream (any more)`);
  }
}

/** How many of the events are counted. */
function compareCounters(
  hours: ReadonlyMap<string, number>,
  invalid: number,
  aggregates: AggregatesPort,
  differ: (text: string) => void,
): number {
  let counted = Math.min(invalid, aggregates.invalid);
  if (counted < invalid)
    differ(`${aggregates.invalid} invalid events are counted, the ledger has ${invalid}`);
  for (const [hour, events] of hours) {
    const inTable = aggregates.validByHour.get(hour) ?? 0;
    if (inTable < events)
      differ(
        `hour ${hour}: ${inTable} ${inTable === 1 ? 'event is' : 'events are'} counted (so far), the ledger has ${events}`,
      );
    counted += Math.min(events, inTable);
  }
  return counted;
}

function text({ shardId, sequenceNumber, subSequenceNumber }: LedgerPlace): string {
  return `${shardId} ${sequenceNumber} ${subSequenceNumber}`;
}
