import { type RememberedBytes, rememberedBytes } from '../bytes/remembered-bytes';
import type { ObjectScanner } from '../json/json-scanner';
import { unescaped } from '../json/json-string';
import { type Hash64, hash64, hash64OfPlain } from '../numbers/hash64';
import { type ClickEvent, type Field, optionalFields, requiredFields } from './click-event';

export const fields = [...requiredFields, ...optionalFields] as const;

/** Fields of access logs that may have any type. A value that cannot be counted does not make the event invalid. */
export const looseFields = ['status'] as const;

const statusPlace = 2 * fields.length;

const placeOf = Object.fromEntries(fields.map((field, index) => [field, 2 * index])) as Readonly<
  Record<Field, number>
>;

/** Fields whose values repeat in many events: each text is decoded once and shared. */
const repeated: ReadonlySet<Field> = new Set([
  'type',
  'page',
  'element',
  'referrer',
  'userAgent',
  'campaign',
]);

const repeatedPlaces = fields.flatMap((field) => [repeated.has(field), false]);

const httpStatus = /^"?([1-5])\d\d"?$/;

const sameText = rememberedBytes((text) => text);

/** What is known of an event's bytes. */
type Scanned = Pick<ObjectScanner, 'places' | 'closingBrace' | 'hasLineBreaks' | 'isAscii'>;

const nothingScanned: Scanned = { places: [], closingBrace: 0, hasLineBreaks: false, isAscii: true };

/** A valid click event. Its fields are read from its bytes on demand, so the bytes must not change. */
export class Click {
  readonly ok = true;
  private decoded: ClickEvent | undefined;
  private keptStatusClass: string | undefined;
  /** Whether there are line breaks between its tokens. */
  readonly hasLineBreaks: boolean;
  private readonly closingBracePlace: number;
  /** By field, where the quotes of its value stand in `source`, as a scanner has it. */
  private readonly places: readonly number[];
  private readonly isAscii: boolean;

  /**
   * @param source where the event's bytes stand, from `start` up to `end`
   * @param at epoch milliseconds at which it happened
   * @param scanned what a scanner found whose first names are `fields`
   */
  constructor(
    readonly source: Buffer,
    readonly start: number,
    /** One past its last byte in `source`. */
    readonly end: number,
    readonly at: number,
    readonly late: boolean,
    scanned: Scanned,
  ) {
    this.hasLineBreaks = scanned.hasLineBreaks;
    this.closingBracePlace = scanned.closingBrace;
    this.isAscii = scanned.isAscii;
    this.places = scanned.places.slice(0, 2 * (fields.length + looseFields.length));
  }

  /** The event as it was sent. */
  get bytes(): Buffer {
    return this.source.subarray(this.start, this.end);
  }

  /** Where the closing brace of the event stands in `bytes`. */
  get closingBrace(): number {
    return this.closingBracePlace - this.start;
  }

  /** The fields that the pipeline knows. */
  get event(): ClickEvent {
    this.decoded ??= this.decode();
    return this.decoded;
  }

  private decode(): ClickEvent {
    const event: Partial<Record<Field, string>> = {};
    for (const field of fields) {
      const value = this.field(field);
      if (value !== undefined) event[field] = value;
    }
    return event as ClickEvent;
  }

  /** One field, without reading the others. Equal values of fields that repeat often share one string. */
  field(name: Field): string | undefined {
    if (this.decoded) return this.decoded[name];
    const place = placeOf[name];
    const start = this.places[place]!;
    if (start < 0) return undefined;
    const end = this.places[place + 1]!;
    if (repeatedPlaces[place]) return sameText(this.source, start, end);
    const encoding = this.isAscii ? 'latin1' : 'utf8';
    return unescaped(this.source.toString(encoding, start + 1, end - 1));
  }

  get page(): string {
    return this.field('page')!;
  }

  /** The class of the HTTP status that the event has, `2xx` for 200, as a number or as text; undefined for none. */
  get statusClass(): string | undefined {
    const start = this.places[statusPlace];
    if (start === undefined) return this.keptStatusClass;
    if (start < 0) return undefined;
    const [, hundreds] =
      httpStatus.exec(this.source.toString('latin1', start, this.places[statusPlace + 1])) ?? [];
    return hundreds === undefined ? undefined : `${hundreds}xx`;
  }

  /** The hash of a field's text, mostly computed from the bytes; undefined for a field that is missing or empty. */
  hash(name: Field): Hash64 | undefined {
    if (!this.decoded) {
      const place = placeOf[name];
      const start = this.places[place]! + 1;
      const end = this.places[place + 1]! - 1;
      if (start === 0 || start === end) return undefined;
      const hash = hash64OfPlain(this.source, start, end);
      if (hash) return hash;
    }
    const text = this.field(name);
    return text ? hash64(text) : undefined;
  }

  /** The result of a function that remembers bytes, for a field; undefined for a missing one. */
  reading<Result>(name: Field, read: RememberedBytes<Result>): Result | undefined {
    if (this.decoded) {
      const text = this.decoded[name];
      if (text === undefined) return undefined;
      const bytes = Buffer.from(JSON.stringify(text));
      return read(bytes, 0, bytes.length);
    }
    const place = placeOf[name];
    const start = this.places[place]!;
    return start < 0 ? undefined : read(this.source, start, this.places[place + 1]!);
  }

  /** The same event, decoded, without a reference to its bytes. */
  withoutBytes(): Click {
    const click = new Click(Buffer.alloc(0), 0, 0, this.at, this.late, nothingScanned);
    click.keptStatusClass = this.statusClass;
    click.decoded = this.event;
    return click;
  }
}
