import fc from 'fast-check';
import type { Accepted, NotAccepted } from '../../../producer/client/receipt';
import type { LedgerFile } from '../../../producer/ledger/ledger-file';
import type { LedgerLine, OutcomeLine } from '../../../producer/ledger/line';
import type { LedgerEntry } from '../../../producer/ledger/read-ledger';
import type { SourceEvent, SourceItem } from '../../../producer/sources/event-source';

const event = {
  eventId: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  key: fc.constantFrom('1:1', '2:17', '9', '9+', 'odd key'),
  injected: fc.constantFrom(
    'duplicate' as const,
    'late' as const,
    'malformed' as const,
    'oversized' as const,
  ),
};
const count = fc.nat();
const at = fc.constant('2026-02-03T04:05:06.789Z');

/** Any line but the first of a ledger. */
export const entryArbitrary: fc.Arbitrary<LedgerEntry> = fc.oneof(
  fc
    .tuple(
      fc.record({ ...event, mayBeTwice: fc.constant(true as const) }, { requiredKeys: ['eventId'] }),
      fc.string(),
      fc.string(),
      count,
    )
    .map(([about, shardId, sequenceNumber, subSequenceNumber]) => ({
      kind: 'accepted' as const,
      ...about,
      ...{ shardId, sequenceNumber, subSequenceNumber },
    })),
  fc
    .tuple(
      fc.record(event, { requiredKeys: ['eventId'] }),
      fc.constantFrom('failed' as const, 'ambiguous' as const),
      fc.constantFrom('too_large' as const, 'given_up' as const, 'refused' as const),
      fc.string(),
    )
    .map(([about, kind, reason, code]) => ({ kind, ...about, reason, code })),
  fc.record({ kind: fc.constant('begun' as const), events: count }),
  fc.record({ kind: fc.constant('resumed' as const), at }),
  fc.record({
    kind: fc.constant('totals' as const),
    ...{ accepted: count, failed: count, ambiguous: count, at, ended: fc.boolean() },
  }),
);

/** A ledger's file that can be looked into: `written` is what a crash would leave. */
export function createMemoryFile(): LedgerFile & {
  readonly written: LedgerLine[];
  readonly waiting: LedgerLine[];
} {
  const written: LedgerLine[] = [];
  const waiting: LedgerLine[] = [];
  const flush = () => void written.push(...waiting.splice(0));
  return { written, waiting, add: (line) => void waiting.push(line), flush, close: flush };
}

export function sourceEvent(number: number, more: Partial<SourceEvent> = {}): SourceEvent {
  const data = Buffer.from(JSON.stringify({ eventId: `e${number}` }));
  return { ok: true, at: undefined, data, partitionKey: 'v', resumeKey: `1:${number}`, ...more };
}

export async function* sourceOf(items: Iterable<SourceItem>): AsyncGenerator<SourceItem> {
  yield* items;
}

export async function* entriesOf(lines: readonly LedgerLine[]): AsyncGenerator<LedgerEntry> {
  for (const line of lines) if (line.kind !== 'header') yield line;
}

export function acceptedAt(place: number): Accepted {
  return {
    accepted: true,
    shardId: 'shardId-000000000003',
    sequenceNumber: String(place),
    subSequenceNumber: 5,
    httpStatus: 200,
    attempts: 1,
  };
}

export function notAccepted(mayHaveArrived: boolean): NotAccepted {
  return { accepted: false, reason: 'given_up', code: 'Code', message: 'why', attempts: 2, mayHaveArrived };
}

export function outcomesIn(lines: readonly LedgerLine[]): OutcomeLine[] {
  return lines.filter((line) => 'eventId' in line);
}
