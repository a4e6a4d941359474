import { isObject, type JsonObject, parseObject, textIn } from '../../domain/json/json-object';
import type { NotAccepted } from '../client/receipt';
import type { Injection } from '../sources/event-source';

/** What a ledger says of its event besides the outcome. */
interface LedgerEvent {
  /** Undefined for an event that names none. */
  readonly eventId: string | undefined;
  /** See `EventOrigin.resumeKey`: `2:17` is line 17 of the second input. */
  readonly key?: string | undefined;
  readonly injected?: Injection | undefined;
}

/** Where the stream holds an event. */
export interface LedgerPlace {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly subSequenceNumber: number;
}

export interface AcceptedLine extends LedgerEvent, LedgerPlace {
  readonly kind: 'accepted';
  /** The stream may hold a further copy, of an attempt without an answer or of a run that was cut off. */
  readonly mayBeTwice?: true | undefined;
}

/** `failed`: no run put it into the stream. `ambiguous`: a request went unanswered, or a run was cut off, so one may have. */
export interface NotAcceptedLine extends LedgerEvent {
  readonly kind: 'failed' | 'ambiguous';
  readonly reason: NotAccepted['reason'];
  readonly code: string;
}

/** Written before the events are sent of which it speaks. */
export interface BegunLine {
  readonly kind: 'begun';
  /** No event but the first so many of the input, in the order of reading, can have been sent by now. */
  readonly events: number;
}

export interface LedgerCounts {
  readonly accepted: number;
  readonly failed: number;
  readonly ambiguous: number;
}

/** How it stood, over all runs with this ledger. */
export interface TotalsLine extends LedgerCounts {
  readonly kind: 'totals';
  /** ISO 8601. */
  readonly at: string;
  /** The run ended here, and every event that it began has its line. */
  readonly ended: boolean;
}

/** A further run goes on with the ledger. What stands unended before it was cut off. */
export interface ResumedLine {
  readonly kind: 'resumed';
  readonly at: string;
}

/** The first line: what the ledger is of. `header.ts` reads it. */
export interface HeaderLine {
  readonly kind: 'header';
  readonly header: Readonly<Record<string, unknown>>;
}

export type OutcomeLine = AcceptedLine | NotAcceptedLine;
export type LedgerLine = HeaderLine | ResumedLine | BegunLine | OutcomeLine | TotalsLine;

/** The line as it stands in the file, with its line feed. What tells the kinds apart is the first member. */
export function encodeLine(line: LedgerLine): string {
  return `${JSON.stringify(fieldsOf(line))}\n`;
}

function fieldsOf(line: LedgerLine): object {
  switch (line.kind) {
    case 'header':
      return line.header;
    case 'resumed':
      return { resumed: line.at };
    case 'begun':
      return { begun: line.events };
    case 'totals': {
      const { accepted, failed, ambiguous, at, ended } = line;
      return { [ended ? 'ended' : 'totals']: { accepted, failed, ambiguous }, at };
    }
    case 'accepted': {
      const { shardId, sequenceNumber, subSequenceNumber } = line;
      return {
        accepted: line.eventId ?? null,
        shardId,
        sequenceNumber,
        subSequenceNumber,
        ...marks(line),
        mayBeTwice: line.mayBeTwice,
      };
    }
    default:
      return { [line.kind]: line.eventId ?? null, reason: line.reason, code: line.code, ...marks(line) };
  }
}

/** `JSON.stringify` leaves out what is undefined. */
function marks({ key, injected }: LedgerEvent): object {
  return { key, injected };
}

/** Undefined for what is no line of a ledger, such as the beginning of one. */
export function parseLine(text: string): LedgerLine | undefined {
  const fields = parseObject(text);
  if (!fields) return undefined;
  if ('accepted' in fields) return parseAccepted(fields);
  if ('begun' in fields)
    return typeof fields.begun === 'number' ? { kind: 'begun', events: fields.begun } : undefined;
  if ('failed' in fields) return parseNotAccepted('failed', fields);
  if ('ambiguous' in fields) return parseNotAccepted('ambiguous', fields);
  if ('totals' in fields || 'ended' in fields) return parseTotals(fields);
  if ('resumed' in fields)
    return typeof fields.resumed === 'string' ? { kind: 'resumed', at: fields.resumed } : undefined;
  return 'ledger' in fields ? { kind: 'header', header: fields } : undefined;
}

function parseAccepted({
  accepted,
  shardId,
  sequenceNumber,
  subSequenceNumber,
  ...rest
}: JsonObject): LedgerLine | undefined {
  if (typeof shardId !== 'string' || typeof sequenceNumber !== 'string') return undefined;
  if (typeof subSequenceNumber !== 'number') return undefined;
  return {
    kind: 'accepted',
    ...parseEvent(accepted, rest),
    ...{ shardId, sequenceNumber, subSequenceNumber },
    ...(rest.mayBeTwice === true && { mayBeTwice: true }),
  };
}

function parseNotAccepted(kind: NotAcceptedLine['kind'], fields: JsonObject): LedgerLine | undefined {
  const { reason, code } = fields;
  if ((reason !== 'too_large' && reason !== 'given_up' && reason !== 'refused') || typeof code !== 'string') {
    return undefined;
  }
  return { kind, ...parseEvent(fields[kind], fields), reason, code };
}

function parseEvent(id: unknown, { key, injected }: JsonObject): LedgerEvent {
  return {
    eventId: typeof id === 'string' ? id : undefined,
    ...(typeof key === 'string' && { key }),
    ...(isInjection(injected) && { injected }),
  };
}

function isInjection(value: unknown): value is Injection {
  return value === 'duplicate' || value === 'late' || value === 'malformed' || value === 'oversized';
}

function parseTotals(fields: JsonObject): LedgerLine | undefined {
  const { at } = fields;
  const counts = fields.ended ?? fields.totals;
  if (!isObject(counts) || typeof at !== 'string') return undefined;
  const { accepted, failed, ambiguous } = counts;
  if (typeof accepted !== 'number' || typeof failed !== 'number' || typeof ambiguous !== 'number')
    return undefined;
  return { kind: 'totals', accepted, failed, ambiguous, at, ended: 'ended' in fields };
}

/** The `eventId` of an event's bytes; undefined where they name none, or are no JSON object. */
export function eventIdIn(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return textIn(parseObject(text), 'eventId');
}
