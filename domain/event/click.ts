import { decodeString } from '../json/json-string';
import { type Hash64, hash64 } from '../numbers/hash64';
import { type ClickEvent, type Field, optionalFields, requiredFields } from './click-event';

export const fields = [...requiredFields, ...optionalFields] as const;

/** Fields of access logs that may have any type. A value that cannot be counted does not make the event invalid. */
export const looseFields = ['status'] as const;

const statusPlace = 2 * fields.length;

const placeOf = Object.fromEntries(fields.map((field, index) => [field, 2 * index])) as Readonly<
  Record<Field, number>
>;

const httpStatus = /^"?([1-5])\d\d"?$/;

/** A valid click event. Its fields are read from its bytes on demand, so the bytes must not change. */
export class Click {
  readonly ok = true;

  constructor(
    /** The event as it was sent. */
    readonly bytes: Buffer,
    /** Epoch milliseconds at which it happened. */
    readonly at: number,
    readonly late: boolean,
    /** Where the closing brace of the event stands in `bytes`. */
    readonly closingBrace: number,
    private readonly isAscii: boolean,
    /** By field, where its value begins and ends in `bytes`, as a scanner has it whose first names are `fields`. */
    private readonly places: readonly number[],
  ) {}

  /** The fields that the pipeline knows. */
  get event(): ClickEvent {
    const event: Partial<Record<Field, string>> = {};
    for (const field of fields) {
      const value = this.field(field);
      if (value !== undefined) event[field] = value;
    }
    return event as ClickEvent;
  }

  /** One field, without reading the others. */
  field(name: Field): string | undefined {
    const place = placeOf[name];
    const start = this.places[place]!;
    if (start < 0) return undefined;
    return decodeString(this.bytes, start, this.places[place + 1]!, this.isAscii ? 'latin1' : 'utf8');
  }

  get page(): string {
    return this.field('page')!;
  }

  /** The class of the HTTP status that the event has, `2xx` for 200, as a number or as text; undefined for none. */
  get statusClass(): string | undefined {
    const hundreds = httpStatus.exec(this.status ?? '')?.[1];
    return hundreds && `${hundreds}xx`;
  }

  /** The JSON of the HTTP status. */
  private get status(): string | undefined {
    const start = this.places[statusPlace]!;
    return start < 0 ? undefined : this.bytes.toString('utf8', start, this.places[statusPlace + 1]);
  }

  /** The hash of a field's text; undefined for a field that is missing or empty. */
  hash(name: Field): Hash64 | undefined {
    const text = this.field(name);
    return text ? hash64(text) : undefined;
  }

  /** An event of the known fields alone, as JSON: all that is counted of it, in less memory. */
  get knownFields(): Buffer {
    const { status, event } = this;
    const members = JSON.stringify(event);
    return Buffer.from(status === undefined ? members : `${members.slice(0, -1)},"status":${status}}`);
  }
}
