import { setImmediate } from 'node:timers/promises';
import { type Clock, elapsedMs } from '../../cli/clock';
import { eventIndex } from '../../domain/event/position';
import type { Packing } from '../client/packing/packer';
import type { Accepted, NotAccepted } from '../client/receipt';
import type { SourceEvent, SourceItem } from '../sources/event-source';
import type { LedgerFile } from './ledger-file';
import { eventIdIn, type LedgerCounts } from './line';
import type { LedgerState } from './state';

/** Keeps a ledger of a run. Its methods throw when the file cannot be written any more. */
export interface Ledger {
  /** For `RunPorts.through`: passes over what the ledger has as accepted, and writes ahead what may be sent. */
  through(items: AsyncIterable<SourceItem>): AsyncIterable<SourceItem>;
  accepted(event: SourceEvent, receipt: Accepted): void;
  notAccepted(event: SourceEvent, receipt: NotAccepted): void;
  overlap(): Overlap;
  /** Writes the totals as those of a run that came to its end: every event that it read has its outcome. */
  end(): void;
  /** Closes the file, after a crash of the run as well. */
  close(): void;
}

/** What a resumed run has to do with those before it. */
export interface Overlap {
  /** Events that were accepted before, and are not sent again. */
  readonly passedOver: number;
  /** Events that are sent, and may be in the stream already. */
  readonly sentAgain: number;
}

/** How long an outcome may wait for the file: what `kill -9` can take from the ledger. */
const flushMs = 100;
const totalsMs = 10_000;

export interface LedgerOptions {
  /** What earlier runs wrote into the file, if it is resumed. */
  readonly before?: LedgerState | undefined;
  /** The run ends after so many events of the input, those of earlier runs included. */
  readonly count?: number | undefined;
  /** How the run packs its events, which decides how the archive numbers them. @default 'none' */
  readonly packing?: Packing | undefined;
}

/**
 * Keeps the ledger of one run. A ledger is closed by whoever made it; until then a timer writes what waits.
 */
export function createLedger(file: LedgerFile, clock: Clock, options: LedgerOptions = {}): Ledger {
  const { before, count = Number.POSITIVE_INFINITY, packing = 'none' } = options;
  const { accepted, failed, ambiguous } = before ?? { accepted: 0, failed: 0, ambiguous: 0 };
  const counts = { accepted, failed, ambiguous };
  const overlap = { passedOver: 0, sentAgain: 0 };
  /** Events that an earlier run may have sent. */
  const unsure = new WeakSet<SourceEvent>();
  const begin = createBegunMarks(clock, file);
  let totalsAt = elapsedMs(clock);
  let broken: unknown;

  // An outcome that is followed by none would otherwise wait for the end.
  const timer = setInterval(() => {
    try {
      file.flush();
    } catch (error) {
      broken ??= error;
    }
  }, flushMs);
  timer.unref();

  const totals = (ended: boolean) =>
    file.add({ kind: 'totals', ...counts, at: new Date(clock.now()).toISOString(), ended });

  const counted = (outcome: keyof LedgerCounts) => {
    if (broken !== undefined) throw broken;
    counts[outcome]++;
    const now = elapsedMs(clock);
    if (now - totalsAt < totalsMs) return;
    totalsAt = now;
    totals(false);
  };

  const about = (event: SourceEvent) => ({
    eventId: eventIdOf(event),
    key: event.resumeKey,
    injected: event.injected,
  });

  async function* through(items: AsyncIterable<SourceItem>): AsyncGenerator<SourceItem, void, undefined> {
    let index = 0;
    let firstDueMs: number | undefined;
    for await (const item of items) {
      if (!item.ok) {
        yield item;
        continue;
      }
      const { resumeKey, dueMs } = item;
      let event = item;
      if (before && resumeKey !== undefined) {
        if (before.isAccepted(resumeKey)) {
          index++;
          // Generated events are always ready, and signals are heard only between two turns of the event loop.
          if (++overlap.passedOver % 4096 === 0) await setImmediate();
          if (index >= count) return;
          continue;
        }
        if (dueMs !== undefined) {
          // A replay goes on where it was cut off, and does not wait for what was sent before.
          firstDueMs ??= dueMs;
          event = { ...item, dueMs: dueMs - firstDueMs };
        }
        if (before.mayHaveBeenSent(resumeKey, index)) {
          overlap.sentAgain++;
          unsure.add(event);
        }
      }
      if (broken !== undefined) throw broken;
      begin(++index);
      yield event;
      if (index >= count) return;
    }
  }

  return {
    through,
    accepted(event, { shardId, sequenceNumber, subSequenceNumber: index, mayBeTwice }) {
      // As the archive has it, so that the two can be joined.
      const subSequenceNumber = packing === 'kpl' ? eventIndex(index, 0) : index;
      file.add({
        kind: 'accepted',
        ...about(event),
        ...{ shardId, sequenceNumber, subSequenceNumber },
        mayBeTwice: mayBeTwice || unsure.has(event) || undefined,
      });
      counted('accepted');
    },
    notAccepted(event, { reason, code, mayHaveArrived }) {
      const kind = mayHaveArrived || unsure.has(event) ? 'ambiguous' : 'failed';
      file.add({ kind, ...about(event), reason, code });
      counted(kind);
    },
    overlap: () => ({ ...overlap }),
    end: () => totals(true),
    close() {
      clearInterval(timer);
      file.close();
    },
  };
}

/** What the event is called, even where something was done to its bytes so that they do not say it any more. */
function eventIdOf({ event, data }: SourceEvent): string | undefined {
  return event ? event.eventId : eventIdIn(data);
}

const mostAhead = 8192;
/** A mark every so often is cheap, whatever the rate. */
const markEveryMs = 100;

/**
 * Says in the ledger which events may have been sent, before they are: without that, nobody would know after a crash
 * which of those without an outcome were. One mark is for several events, as many as about a tenth of a second takes.
 *
 * @returns a function to be called before the n-th event (from 1) is handed over
 */
function createBegunMarks(clock: Clock, file: LedgerFile): (n: number) => void {
  let marked = 0;
  let ahead = 1;
  let markedAt = Number.NEGATIVE_INFINITY;
  return (n) => {
    if (n <= marked) return;
    const now = elapsedMs(clock);
    ahead =
      now - markedAt < markEveryMs ? Math.min(ahead * 2, mostAhead) : Math.max(1, Math.floor(ahead / 2));
    markedAt = now;
    marked = n - 1 + ahead;
    file.add({ kind: 'begun', events: marked });
    file.flush();
  };
}
