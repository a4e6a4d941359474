import type { Settings } from '../settings';
import { type AlarmRule, heartbeat, mostOfFiveMinutes } from './alarm-rule';
import { type MetricRequest, metric } from './metrics';

/** The share of the retention at which there is still time to act before records are lost. */
const alarmingShare = 0.25;

/** The alarms of the stream's stack, on what the stream itself tells of whoever writes and reads it. */
export function streamAlarms(streamName: string, settings: Settings): readonly AlarmRule[] {
  const ofStream = (request: MetricRequest) => metric('AWS/Kinesis', { StreamName: streamName }, request);
  // Above 0 where a call of the minute was refused (Kinesis docs: Monitor Kinesis Data Streams with CloudWatch).
  const refused = { statistic: 'Average', periodSeconds: 60 } as const;
  return [
    {
      id: 'StreamBehind',
      meaning: 'A reader is a quarter of the retention behind: records will be lost unread if it stays so.',
      metric: ofStream({
        name: 'GetRecords.IteratorAgeMilliseconds',
        statistic: 'Maximum',
        periodSeconds: 60,
      }),
      is: 'above',
      threshold: settings.streamRetentionHours * 3_600_000 * alarmingShare,
      breaching: [15, 15],
      // There is none while nobody reads, which would be the worst moment to be content.
      withoutData: 'keeps the state',
    },
    {
      id: 'StreamWritesThrottled',
      meaning: 'The stream refuses records of producers, because a shard is full.',
      metric: ofStream({ name: 'WriteProvisionedThroughputExceeded', ...refused }),
      is: 'above',
      threshold: 0.01,
      breaching: mostOfFiveMinutes,
      withoutData: 'is fine',
    },
    {
      id: 'StreamReadsThrottled',
      meaning: 'The stream refuses calls of its readers, because they read more than a shard gives.',
      metric: ofStream({ name: 'ReadProvisionedThroughputExceeded', ...refused }),
      is: 'above',
      threshold: 0.01,
      breaching: mostOfFiveMinutes,
      withoutData: 'is fine',
    },
    ...heartbeat(
      {
        id: 'NoClicks',
        meaning: `No click has come in for ${settings.heartbeatMinutes} minutes.`,
        metric: ofStream({ name: 'IncomingRecords', statistic: 'Sum', periodSeconds: 60 }),
      },
      settings.heartbeatMinutes,
    ),
  ];
}
