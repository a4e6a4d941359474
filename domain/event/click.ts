import { type Hash64, hash64, hash64OfPlain } from '../bytes/hash64';
import { type RememberedBytes, rememberedBytes } from '../bytes/remembered-bytes';
import { type ClickEvent, type Field, optionalFields, requiredFields } from './click-event';
import type { ObjectScanner } from './json-scanner';
import { unescaped } from './json-string';

export const fields = [...requiredFields, ...optionalFields] as const;

/**
 * Fields of access logs, of any type: they are counted where they say what they should, and are no event's fault where
 * they do not.
 */
export const looseFields = ['status'] as const;

const statusPlace = 2 * fields.length;

const placeOf = Object.fromEntries(fields.map((field, index) => [field, 2 * index])) as Readonly<
  Record<Field, number>
>;

/** Of these, the ones that say the same in many events: their texts are made once, and are one string each. */
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

/** A click event in good order. What it says is read from its bytes when it is asked for, so these must stay as they are. */
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

  /** One field, without reading the others. Of the fields that often say the same it is often the same string, too. */
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

  /** The hash of a field's text, which is seldom made for it; undefined for one that is not there, or empty. */
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

  /** What a function that remembers bytes gives for a field; undefined for one that is not there. */
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

  /** The same event, which says what it says without holding on to its bytes. */
  withoutBytes(): Click {
    const click = new Click(Buffer.alloc(0), 0, 0, this.at, this.late, nothingScanned);
    click.keptStatusClass = this.statusClass;
    click.decoded = this.event;
    return click;
  }
}
