/**
 * A click event as visitors' browsers and the producer send it: one JSON object in UTF-8.
 * Fields that are not named here are allowed and kept untouched in the archive.
 */
export interface ClickEvent {
  /** Unique for the event; two records with the same id are the same event sent twice. */
  readonly eventId: string;
  /** What happened: `page_view`, `click`, `request`, … */
  readonly type: string;
  /** When it happened: ISO 8601 with a zone, as it was sent. */
  readonly timestamp: string;
  /** Who did it. Also the partition key, so that a visitor's events stay in order. */
  readonly visitorId: string;
  /** The path of the page. */
  readonly page: string;
  readonly sessionId?: string;
  /** What was clicked on the page. */
  readonly element?: string;
  /** The address of the page that led here. */
  readonly referrer?: string;
  readonly userAgent?: string;
  readonly title?: string;
  readonly campaign?: string;
}

export const requiredFields = ['eventId', 'type', 'timestamp', 'visitorId', 'page'] as const;
export const optionalFields = ['sessionId', 'element', 'referrer', 'userAgent', 'title', 'campaign'] as const;

/** A field that the pipeline knows. */
export type Field = (typeof requiredFields)[number] | (typeof optionalFields)[number];

/**
 * Fields that events of access logs have besides, as the producer makes them. Whoever sends such fields may give them any
 * type, which makes no event invalid.
 */
export const requestFields = ['method', 'query', 'status', 'bytes', 'host'] as const;

/** Largest event that counts, in bytes of UTF-8. */
export const maxEventBytes = 256 * 1024;

/** An event may lie this far in the future of its arrival (clocks differ); beyond, it is invalid. */
export const maxFutureMs = 15 * 60 * 1000;

/** An event that arrives later than this after it happened counts in its own window, and also as late. */
export const lateAfterMs = 60 * 60 * 1000;
