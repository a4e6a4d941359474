import { type UniqueVisitorScope, uniqueVisitorScopes } from '../domain/visitors/uniques';
import { type LogFormat, logFormats } from '../lambda/adapter/contract';
import {
  type CloudFrontMode,
  cloudFrontModes,
  type PrivacyControl,
  privacyControls,
  type VisitorIdSource,
  visitorIdSources,
} from '../lambda/collector/contract';
import { integer, oneOf, type Rule, text, toggle } from './setting-rules';

/** How long a deployment is meant to live: `dev` is destroyed without leftovers, `prod` keeps its data. */
export type Stage = 'dev' | 'prod';

/**
 * Everything that may differ between two deployments. Each name is a key of the stage's file (`config/<stage>.json`),
 * and the context key that overrides it: `cdk deploy --all -c stage=prod -c batchSize=2000`.
 */
export interface Settings {
  readonly stage: Stage;
  /** Prefix of the stack names and value of the tag `project`, so that two deployments fit into one account. */
  readonly name: string;
  /**
   * Refuses the deletion of the stacks and of the table. To be switched on once the stacks stand: the CDK CLI protects
   * a stack before it creates it, and cannot delete a protected one whose creation failed.
   */
  readonly deletionProtection: boolean;

  readonly streamMode: 'provisioned' | 'on-demand';
  /**
   * Shards of a provisioned stream; an on-demand stream chooses its own. One deploy may at most double them and at
   * least halve them, ten times a day (AWS docs: UpdateShardCount); docs/settings.md has the way beyond that.
   */
  readonly shardCount: number;
  readonly streamRetentionHours: number;
  /** One metric series a shard, billed as custom metrics. */
  readonly shardLevelMetrics: boolean;
  /**
   * Whose key encrypts the stream and the buckets. `key-granted` has the customer's key, and lets the pipeline use it,
   * but encrypts nothing with it: the step between the other two, in both directions, on a pipeline that runs.
   */
  readonly encryption: 'aws-managed' | 'key-granted' | 'customer-managed';

  /** Records in one invocation of the aggregator, which 6 MB of event bound as well. */
  readonly batchSize: number;
  /** How long a batch may wait to fill up: the freshness of the counters against the number of writes. */
  readonly batchingWindowSeconds: number;
  /** Retries of a failing batch; -1 leaves its age as the only bound. */
  readonly retryAttempts: number;
  /** Age at which a batch is given up and goes to the on-failure bucket. */
  readonly maxRecordAgeSeconds: number;
  readonly aggregatorMemoryMiB: number;
  readonly aggregatorTimeoutSeconds: number;
  /** Invocations at once that are set aside for the aggregator, which needs one a shard; 0 sets none aside. */
  readonly aggregatorReservedConcurrency: number;
  /** Days that the counters of a minute live. */
  readonly minuteRetentionDays: number;
  /** Age in days up to which events count in their minutes; older ones count in hours and days alone. 0 is any age. */
  readonly minutesForDays: number;
  /** Days that the counters of an hour live. */
  readonly hourRetentionDays: number;
  /** Days that the counters of a day live. */
  readonly dayRetentionDays: number;
  /** Days that the log of deltas lives, by which counters are told to be exact and given-up batches are repaired. */
  readonly logDays: number;
  /** Age at which a delta becomes part of the items: the reads of a report against the writes of compaction. */
  readonly compactionSeconds: number;
  readonly compactorMemoryMiB: number;
  readonly compactorTimeoutSeconds: number;
  /** A second event of an id within this time, in its shard, counts as a duplicate and as nothing else; 0 is off. */
  readonly deduplicationSeconds: number;
  /** What unique visitors are counted for. */
  readonly uniqueVisitors: UniqueVisitorScope;
  /** How far back the table can be restored to any second. */
  readonly pointInTimeRecoveryDays: number;
  readonly onFailureExpiryDays: number;

  readonly transformerMemoryMiB: number;
  /** Firehose waits at most five minutes for a transformer. */
  readonly transformerTimeoutSeconds: number;
  /** Invocations at once that are set aside for the transformer, which needs up to five a shard; 0 sets none aside. */
  readonly transformerReservedConcurrency: number;
  /** How long Firehose collects records before it calls the transformer. */
  readonly transformerBufferSeconds: number;
  /** An archive object is written at this age or at `archiveBufferMiB`, whichever comes first. */
  readonly archiveBufferSeconds: number;
  readonly archiveBufferMiB: number;
  /** Days until archive objects move to S3 Standard-IA; 0 is never. */
  readonly archiveInfrequentAccessDays: number;
  /** Days until archive objects move to S3 Glacier Instant Retrieval; 0 is never. */
  readonly archiveGlacierDays: number;
  /** Days until archive objects are deleted; 0 is never. */
  readonly archiveExpiryDays: number;

  readonly logRetentionDays: number;

  /** Alarms, and the dashboard. */
  readonly alarms: boolean;
  /** Gets a message when an alarm goes off and when all is well again, once it is confirmed; '' for nobody. */
  readonly alarmEmail: string;
  /** A topic of one's own that the alarms tell instead of the deployment's; '' for none. */
  readonly alarmTopicArn: string;
  /** Share of what comes in that may be no event. */
  readonly invalidSharePercent: number;
  /** Share of the events that may come more than an hour late. */
  readonly lateSharePercent: number;
  /** Minutes in which there must be a click, whatever the hour; 0 expects none. */
  readonly heartbeatMinutes: number;

  /** Judges each hour by the weeks before, and alarms when it is unusual: a stack of its own. */
  readonly anomalies: boolean;

  /** The archive as tables of Athena: a stack of its own. */
  readonly analytics: boolean;
  /** The year up to which Athena looks for objects where a query says no range. Each year is 8,760 folders to look into. */
  readonly analyticsLastYear: number;
  /** What one query of Athena may read: it is cancelled there, and costs $5 for each 1,024. */
  readonly athenaScanLimitGiB: number;
  /** A second copy of the archive as Parquet, by a delivery stream of its own, within the stack of analytics. */
  readonly parquet: boolean;
  /** A Studio notebook over the stream, within the stack of analytics. */
  readonly notebook: boolean;

  /** `hosted`: the dashboard behind a login, a stack of its own. */
  readonly dashboard: 'off' | 'hosted';

  /** Takes events over HTTP, from browsers and from any language: a stack of its own. */
  readonly collector: boolean;
  /** Origins of the sites whose pages may send, separated by commas: `https://shop.example`. */
  readonly collectorOrigins: string;
  /** Whose id a visitor has: the collector's hash of a day, without cookies, or what the event brings. */
  readonly collectorVisitorIds: VisitorIdSource;
  /** What becomes of events of browsers that ask for privacy (`Sec-GPC: 1`). */
  readonly collectorPrivacyControl: PrivacyControl;
  /**
   * Events of one visitor in a minute, in each environment of the function, and 20 times as many of one address; 0 for any
   * number.
   */
  readonly collectorEventsPerMinute: number;
  readonly collectorMemoryMiB: number;
  /** Invocations at once that are set aside for the collector, and its limit; 0 sets none aside and has no limit of its own. */
  readonly collectorReservedConcurrency: number;
  /** CloudFront in front of the collector: beside its own address, or as the only way to it. */
  readonly collectorCloudFront: CloudFrontMode;

  /** Log lines of CloudFront and of CloudWatch Logs become clicks: a second stream, in a stack of sources. */
  readonly logSources: boolean;
  /** Of the lines that come from CloudWatch Logs; CloudFront's are known. */
  readonly logFormat: LogFormat;
  /** Events of EventBridge that have this source become clicks, in the stack of sources; '' for none. */
  readonly busSource: string;
  /** The event bus that they are sent to. */
  readonly busName: string;

  /** Where a second delivery stream brings every event, beside the archive: a stack of its own. */
  readonly destination: DestinationKind;
  /** What the destination is found by: an https address, the ARN of an OpenSearch domain, or Redshift's JDBC URL. */
  readonly destinationAddress: string;
  /** The index of OpenSearch, or the table of Redshift; '' for the others, which have none. */
  readonly destinationTarget: string;
  /** A secret of Secrets Manager with what the destination asks for; '' for none. */
  readonly destinationSecretArn: string;
  /** The customer's key that the secret is encrypted with; '' for the key of Secrets Manager. */
  readonly destinationSecretKeyArn: string;
  /** How long Firehose repeats what the destination does not take, before it puts it into the archive bucket. */
  readonly destinationRetrySeconds: number;
  /** How long Firehose collects events for a request to the destination, which may be full before. */
  readonly destinationBufferSeconds: number;

  /** A video stream for recordings, in a stack of its own that nothing else of the pipeline knows. */
  readonly video: boolean;
  readonly videoRetentionHours: number;
}

/** Where Firehose can bring events, beside S3. */
export const destinationKinds = ['off', 'http', 'opensearch', 'splunk', 'redshift'] as const;
export type DestinationKind = (typeof destinationKinds)[number];

export type SettingName = keyof Settings;

/** The retention periods that CloudWatch Logs offers (AWS docs: PutRetentionPolicy). */
const logRetentionChoices = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653];

// The bounds are the services' own (AWS docs: CreateEventSourceMapping, BufferingHints, Processor,
// IncreaseStreamRetentionPeriod), except those that say otherwise.
export const settingRules: { readonly [Name in SettingName]: Rule<Settings[Name]> } = {
  stage: oneOf(['dev', 'prod'], { dev: 'dev', prod: 'prod' }),
  // 40 characters leave room for the stage and the application within a stack name's 128.
  name: text(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, 'a letter, then up to 39 letters, digits and hyphens', {
    dev: 'clickstream',
    prod: 'clickstream',
  }),
  // Off in prod, too: a first deploy that fails must be repeatable. The app reminds of it until it is on.
  deletionProtection: toggle({ dev: false, prod: false }),

  streamMode: oneOf(['provisioned', 'on-demand'], { dev: 'provisioned', prod: 'on-demand' }),
  shardCount: integer(1, 20_000, 'shards', { dev: 1, prod: 1 }),
  streamRetentionHours: integer(24, 8_760, 'hours', { dev: 24, prod: 72 }),
  shardLevelMetrics: toggle({ dev: false, prod: false }),
  encryption: oneOf(['aws-managed', 'key-granted', 'customer-managed'], {
    dev: 'aws-managed',
    prod: 'aws-managed',
  }),

  batchSize: integer(1, 10_000, 'records', { dev: 1_000, prod: 5_000 }),
  batchingWindowSeconds: integer(0, 300, 'seconds', { dev: 2, prod: 5 }),
  retryAttempts: integer(-1, 10_000, 'retries, -1 for no limit', { dev: -1, prod: -1 }),
  // An infinite age (-1) would let records expire in the stream unseen, so it is not offered.
  maxRecordAgeSeconds: integer(60, 604_800, 'seconds', { dev: 6 * 3_600, prod: 24 * 3_600 }),
  aggregatorMemoryMiB: integer(128, 10_240, 'MiB', { dev: 512, prod: 512 }),
  // Three seconds are kept for the report of what is unfinished: below that nothing would ever be counted, and a write
  // that times out takes five.
  aggregatorTimeoutSeconds: integer(10, 900, 'seconds', { dev: 60, prod: 60 }),
  // Ours: Lambda's own bound is the account's limit less 100.
  aggregatorReservedConcurrency: integer(0, 10_000, 'invocations at once, 0 for none', { dev: 0, prod: 0 }),
  minuteRetentionDays: integer(1, 3_650, 'days', { dev: 7, prod: 35 }),
  minutesForDays: integer(0, 3_650, 'days, 0 for any age', { dev: 0, prod: 0 }),
  hourRetentionDays: integer(1, 3_650, 'days', { dev: 30, prod: 400 }),
  dayRetentionDays: integer(1, 3_650, 'days', { dev: 90, prod: 1_100 }),
  logDays: integer(4, 400, 'days', { dev: 14, prod: 14 }),
  compactionSeconds: integer(0, 3_600, 'seconds', { dev: 60, prod: 300 }),
  compactorMemoryMiB: integer(128, 10_240, 'MiB', { dev: 512, prod: 512 }),
  // Ten seconds are kept for the piece of work under way.
  compactorTimeoutSeconds: integer(30, 900, 'seconds', { dev: 60, prod: 300 }),
  // Ours: a full shard's ids of 18 minutes (6/5 of this) take a function some 100 of its 512 MiB.
  deduplicationSeconds: integer(0, 900, 'seconds, 0 for off', { dev: 0, prod: 300 }),
  uniqueVisitors: oneOf(uniqueVisitorScopes, { dev: 'page', prod: 'total' }),
  pointInTimeRecoveryDays: integer(1, 35, 'days', { dev: 1, prod: 35 }),
  onFailureExpiryDays: integer(1, 3_650, 'days', { dev: 7, prod: 90 }),

  transformerMemoryMiB: integer(128, 10_240, 'MiB', { dev: 512, prod: 512 }),
  transformerTimeoutSeconds: integer(1, 300, 'seconds', { dev: 60, prod: 60 }),
  transformerReservedConcurrency: integer(0, 10_000, 'invocations at once, 0 for none', { dev: 0, prod: 0 }),
  transformerBufferSeconds: integer(0, 900, 'seconds', { dev: 5, prod: 60 }),
  archiveBufferSeconds: integer(0, 900, 'seconds', { dev: 60, prod: 300 }),
  archiveBufferMiB: integer(1, 128, 'MiB', { dev: 5, prod: 64 }),
  archiveInfrequentAccessDays: integer(0, 3_650, 'days, 0 for never', { dev: 0, prod: 30 }),
  archiveGlacierDays: integer(0, 3_650, 'days, 0 for never', { dev: 0, prod: 180 }),
  archiveExpiryDays: integer(0, 36_500, 'days, 0 for never', { dev: 7, prod: 0 }),

  logRetentionDays: oneOf(logRetentionChoices, { dev: 7, prod: 90 }),

  alarms: toggle({ dev: true, prod: true }),
  alarmEmail: text(/^(?:[^\s@]+@[^\s@]+\.[^\s@]+)?$/, 'an e-mail address, or nothing', { dev: '', prod: '' }),
  // CloudWatch tells standard topics only.
  alarmTopicArn: text(
    /^(?:arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256})?$/,
    'the ARN of an SNS topic that is not FIFO, or nothing',
    { dev: '', prod: '' },
  ),
  invalidSharePercent: integer(1, 99, '%', { dev: 5, prod: 5 }),
  lateSharePercent: integer(1, 99, '%', { dev: 20, prod: 20 }),
  // An alarm looks back a day at the most (CloudWatch docs: PutMetricAlarm), and buffers take some minutes of it.
  heartbeatMinutes: integer(0, 1_400, 'minutes, 0 for off', { dev: 0, prod: 0 }),

  anomalies: toggle({ dev: false, prod: false }),

  analytics: toggle({ dev: false, prod: false }),
  analyticsLastYear: integer(2026, 2100, 'year', { dev: 2027, prod: 2030 }),
  athenaScanLimitGiB: integer(1, 1_024, 'GiB', { dev: 10, prod: 100 }),
  parquet: toggle({ dev: false, prod: false }),
  notebook: toggle({ dev: false, prod: false }),

  dashboard: oneOf(['off', 'hosted'], { dev: 'off', prod: 'off' }),

  collector: toggle({ dev: false, prod: false }),
  // As browsers spell them. A function's variables have 4 KB together (AWS docs: Lambda quotas).
  collectorOrigins: text(
    /^(?=.{0,2000}$)(?:https?:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:,(?!$)|$))*$/,
    'origins like https://shop.example, separated by commas, or nothing',
    { dev: '', prod: '' },
  ),
  collectorVisitorIds: oneOf(visitorIdSources, { dev: 'hashed', prod: 'hashed' }),
  collectorPrivacyControl: oneOf(privacyControls, { dev: 'respected', prod: 'respected' }),
  // Ours.
  collectorEventsPerMinute: integer(0, 1_000_000, 'events, 0 for any number', { dev: 600, prod: 600 }),
  collectorMemoryMiB: integer(128, 10_240, 'MiB', { dev: 512, prod: 512 }),
  collectorReservedConcurrency: integer(0, 10_000, 'invocations at once, 0 for none', { dev: 0, prod: 0 }),
  collectorCloudFront: oneOf(cloudFrontModes, { dev: 'off', prod: 'off' }),

  logSources: toggle({ dev: false, prod: false }),
  logFormat: oneOf(logFormats, { dev: 'json-access', prod: 'json-access' }),
  // EventBridge keeps `aws.` for itself (EventBridge API: PutEventsRequestEntry).
  busSource: text(/^(?!aws\.)[A-Za-z0-9._/-]{0,256}$/, 'the source of events, or nothing', {
    dev: '',
    prod: '',
  }),
  busName: text(/^[A-Za-z0-9._/-]{1,256}$/, 'the name of an event bus', { dev: 'default', prod: 'default' }),

  destination: oneOf(destinationKinds, { dev: 'off', prod: 'off' }),
  // What each destination's looks like is checked with it.
  destinationAddress: text(/^[!-~]{0,1000}$/, 'an address or an ARN without blanks, or nothing', {
    dev: '',
    prod: '',
  }),
  destinationTarget: text(/^[A-Za-z0-9_.$-]{0,127}$/, 'the name of an index or of a table, or nothing', {
    dev: '',
    prod: '',
  }),
  destinationSecretArn: text(
    /^(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]{1,519})?$/,
    'the whole ARN of a secret of Secrets Manager, or nothing',
    { dev: '', prod: '' },
  ),
  destinationSecretKeyArn: text(
    /^(?:arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,128})?$/,
    'the ARN of a key of KMS, or nothing',
    { dev: '', prod: '' },
  ),
  destinationRetrySeconds: integer(0, 7_200, 'seconds', { dev: 300, prod: 3_600 }),
  destinationBufferSeconds: integer(0, 900, 'seconds', { dev: 5, prod: 60 }),

  // Kinesis Video Streams keeps at most ten years (its API: CreateStream).
  video: toggle({ dev: false, prod: false }),
  videoRetentionHours: integer(1, 87_600, 'hours', { dev: 24, prod: 168 }),
};

/** Every name that can be given with `-c`. */
export const settingNames = Object.keys(settingRules).filter(isSetting);

/** Whether a key of the context, or of a stage's file, names a setting. */
export function isSetting(key: string): key is SettingName {
  return Object.hasOwn(settingRules, key);
}
