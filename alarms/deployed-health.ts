import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricAlarm,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { onFailurePrefix } from '../contract/bucket-prefixes';
import { stackName } from '../contract/stack-outputs';
import { formatWindow, windowMs } from '../domain/counters/window';
import type { AlarmStatus } from './alarm-status';
import { describeAlarms, statusOf } from './describe-alarms';

/** What CloudWatch says of a deployed pipeline. */
export interface WatchedHealth {
  /** Absent if there are none. */
  readonly alarms?: readonly AlarmStatus[];
  /** How far it is behind its stream, in milliseconds, a minute or two ago; absent where nothing was measured lately. */
  readonly lagMs?: { readonly counting?: number; readonly archive?: number };
  /** The end of the minute in which counting was so far behind, as ISO 8601. */
  readonly lagAt?: string;
}

/** What is known of a deployed pipeline beside its table. */
export interface DeployedHealth extends WatchedHealth {
  /** Batches that the aggregator gave up and that wait for a repair. */
  readonly givenUpBatches?: number;
}

/** Each throws where the caller may not ask, or there is nothing to ask. */
export interface HealthReaders {
  watched(): Promise<WatchedHealth>;
  givenUpBatches(): Promise<number>;
}

/** They change seldom, and CloudWatch charges for being asked often. */
const askAgainMs = 60_000;

/** What the readers know, asked once a minute at the most; what one of them cannot tell is left out. */
export function healthOf(
  { watched, givenUpBatches }: HealthReaders,
  now: () => number,
): () => Promise<DeployedHealth> {
  const [latest, latestBatches] = [remembered(watched, now), remembered(givenUpBatches, now)];
  return async () => {
    const [known, batches] = await Promise.all([latest(), latestBatches()]);
    return { ...known, ...(batches !== undefined && { givenUpBatches: batches }) };
  };
}

function remembered<Value>(read: () => Promise<Value>, now: () => number): () => Promise<Value | undefined> {
  let asked: { readonly at: number; readonly value: Promise<Value | undefined> } | undefined;
  return () => {
    if (!asked || now() - asked.at >= askAgainMs) asked = { at: now(), value: read().catch(() => undefined) };
    return asked.value;
  };
}

/**
 * Alarms, and the lags that two of them watch: their metrics name the function and the delivery stream.
 *
 * @throws what CloudWatch refuses to say of the alarms
 */
export async function readWatchedHealth(
  client: CloudWatchClient,
  pipeline: string,
  now: number,
): Promise<WatchedHealth> {
  const alarms = await describeAlarms(client, pipeline);
  if (alarms.length === 0) return {};
  const statuses = { alarms: alarms.map(statusOf) };
  try {
    return { ...statuses, ...(await readLags(client, pipeline, alarms, now)) };
  } catch {
    // Alarms alone are known to whoever may not ask for metrics.
    return statuses;
  }
}

/** The alarm that watches a lag, and how many milliseconds its metric's unit has. */
const lagAlarms = {
  counting: { application: 'aggregation', id: 'AggregatorBehind', unitMs: 1 },
  archive: { application: 'archive', id: 'ArchiveStale', unitMs: 1_000 },
} as const;

/** Metrics come some minutes late. */
const lookBackMs = 10 * 60_000;

async function readLags(
  client: CloudWatchClient,
  pipeline: string,
  alarms: readonly MetricAlarm[],
  now: number,
): Promise<Pick<WatchedHealth, 'lagMs' | 'lagAt'>> {
  const lags = Object.entries(lagAlarms).map(([name, { application, id, unitMs }]) => {
    const alarmName = `${stackName(pipeline, application)}-${id}`;
    return { name, unitMs, alarm: alarms.find(({ AlarmName }) => AlarmName === alarmName) };
  });
  const MetricDataQueries = lags.flatMap(({ name, alarm }): MetricDataQuery[] => {
    const { Namespace, MetricName, Dimensions } = alarm ?? {};
    if (Namespace === undefined || MetricName === undefined || Dimensions === undefined) return [];
    const Metric = { Namespace, MetricName, Dimensions };
    return [{ Id: name, MetricStat: { Metric, Stat: 'Maximum', Period: 60 } }];
  });
  if (MetricDataQueries.length === 0) return {};
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries,
      StartTime: new Date(now - lookBackMs),
      EndTime: new Date(now),
      ScanBy: 'TimestampDescending',
    }),
  );
  const lagMs = Object.fromEntries(
    lags.flatMap(({ name, unitMs }) => {
      const latest = MetricDataResults.find(({ Id }) => Id === name)?.Values?.[0];
      return latest === undefined ? [] : [[name, Math.round(latest * unitMs)]];
    }),
  );
  const minute = MetricDataResults.find(({ Id }) => Id === 'counting')?.Timestamps?.[0];
  // A minute's metric is of all of it, and has its start.
  return { lagMs, ...(minute && { lagAt: formatWindow(minute.getTime() + windowMs.minute) }) };
}

/** Objects in the on-failure bucket. @throws what S3 refuses */
export async function countGivenUpBatches(client: S3Client, bucket: string): Promise<number> {
  let batches = 0;
  const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: onFailurePrefix });
  for await (const { KeyCount = 0 } of pages) batches += KeyCount;
  return batches;
}
