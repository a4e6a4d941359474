/** The dimension `service` of its metrics, and the word in its log lines. */
export const forwarderService = 'forwarder';

/** Variables of the function's environment. */
export const ForwarderEnvironment = {
  /** An `EventForm`. */
  eventForm: 'EVENT_FORM',
} as const;

/**
 * What a destination takes of a record: its events as lines that each end in a line feed, or the one event that the record
 * may have as a JSON object.
 */
export const eventForms = ['lines', 'document'] as const;
export type EventForm = (typeof eventForms)[number];

/** Metrics of a batch, those that an alarm looks at. Its log line has every count. */
export const ForwarderMetric = {
  /** Records with events that are answered with ProcessingFailed. */
  recordsNotForwarded: 'RecordsNotForwarded',
} as const;
