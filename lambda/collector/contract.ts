/** The dimension `service` of its metrics, and the word in its log lines. */
export const collectorService = 'collector';

/** Whose id an event's `visitorId` is: the collector's own hash always, or what the event brings. */
export const visitorIdSources = ['hashed', 'given'] as const;
export type VisitorIdSource = (typeof visitorIdSources)[number];

/** What becomes of events of a visitor who sends `Sec-GPC: 1`. */
export const privacyControls = ['respected', 'ignored'] as const;
export type PrivacyControl = (typeof privacyControls)[number];

/** Events in one request. */
export const maxEvents = 50;

/** Environment variables that the collector's construct sets and its handler reads. */
export const CollectorEnvironment = {
  streamName: 'STREAM_NAME',
  /** Name of the table of salts. */
  saltTableName: 'SALT_TABLE_NAME',
  /** Origins of the sites whose pages may send, separated by commas; `none` for none. */
  origins: 'ORIGINS',
  /** One of `visitorIdSources`. */
  visitorIds: 'VISITOR_IDS',
  /** One of `privacyControls`. */
  privacyControl: 'PRIVACY_CONTROL',
  /** Events that one visitor may send a minute; 0 for any number. */
  eventsPerMinute: 'EVENTS_PER_MINUTE',
} as const;

/** What `ORIGINS` says where there are none: a variable cannot be empty. */
export const noOrigins = 'none';

/** The table of salts, one item a day. */
export const SaltAttributes = {
  /** `2026-11-28`, in UTC. */
  day: 'day',
  salt: 'salt',
  timeToLive: 'expiresAt',
} as const;

/** Files beside the handler: the client, as a script and as a module. */
export const clientFiles = { script: 'clicks.js', module: 'clicks.mjs' } as const;
