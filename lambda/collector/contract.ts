/** The dimension `service` of its metrics, and the word in its log lines. */
export const collectorService = 'collector';

/** Whose id an event's `visitorId` is: the collector's own hash always, or what the event brings. */
export const visitorIdSources = ['hashed', 'given'] as const;
export type VisitorIdSource = (typeof visitorIdSources)[number];

/** What becomes of events of a visitor who sends `Sec-GPC: 1`. */
export const privacyControls = ['respected', 'ignored'] as const;
export type PrivacyControl = (typeof privacyControls)[number];

/** What stands before the function's URL: nothing; CloudFront beside it; or CloudFront alone, which then nobody gets round. */
export const cloudFrontModes = ['off', 'beside', 'only'] as const;
export type CloudFrontMode = (typeof cloudFrontModes)[number];

/** Header by which CloudFront shows that it is the deployment's own, and what it says of the viewer may be believed. */
export const proofHeader = 'x-collector-proof';

/** Where CloudFront says who the viewer is (AWS docs: Add CloudFront request headers). */
export const viewerHeader = 'cloudfront-viewer-address';

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
  /** One of `cloudFrontModes`. */
  cloudFront: 'CLOUDFRONT',
  /** What `proofHeader` says; `none` without CloudFront. */
  cloudFrontProof: 'CLOUDFRONT_PROOF',
} as const;

/** What `ORIGINS` or `CLOUDFRONT_PROOF` says where there is none: a variable cannot be empty. */
export const none = 'none';

/** The table of salts, one item a day. */
export const SaltAttributes = {
  /** `2026-11-28`, in UTC. */
  day: 'day',
  salt: 'salt',
  timeToLive: 'expiresAt',
} as const;

/** What the schedule invokes the function with: the salts of days that are over go. */
export const forgetSalts = { forget: 'salts' } as const;

/** Files beside the handler: the client, as a script and as a module. */
export const clientFiles = { script: 'clicks.js', module: 'clicks.mjs' } as const;
