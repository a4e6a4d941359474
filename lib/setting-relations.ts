import { windowSizes } from '../domain/counters/window';
import { maxEvents } from '../lambda/collector/contract';
import { checkDestination } from './destinations/check-destination';
import type { Settings } from './settings';

// Arrival times in a shard may run backwards by less than a fifth of the time in which duplicates are looked for.
const leastDeduplicationSeconds = 60;

// What the adapter puts again it puts within two of its time-outs and the pause between; and so much again.
const leastDeduplicationSecondsWithSources = 300;

// S3 keeps an object at least this long in Standard before Standard-IA, and in Standard-IA before a colder class
// (AWS docs: Transitioning objects using Amazon S3 Lifecycle).
const leastDaysInAClass = 30;

// Four weeks, with a day and some hours beside them.
const leastHistoryDays = 30;

/**
 * What is wrong with settings that are each allowed but not together: one sentence a problem, none if all is well.
 *
 * @param shardCountGiven Whether the shard count was asked for, rather than defaulted.
 */
export function checkTogether(settings: Settings, shardCountGiven: boolean): readonly string[] {
  const problems: string[] = [];
  const refuse = (name: keyof Settings, allowed: string): void => {
    problems.push(`${name}: ${settings[name]} is not allowed; allowed is ${allowed}`);
  };
  // By functions, so that a renamed setting does not compile here.
  const shown = (name: keyof Settings): string => `${name} ${settings[name]}`;
  const named = (name: keyof Settings): string => name;

  if (shardCountGiven && settings.streamMode === 'on-demand') {
    refuse('shardCount', `none with ${shown('streamMode')}, which chooses its own shards`);
  }

  // Half the retention is left to notice that batches are given up, while their records can still be read.
  const oldest = (settings.streamRetentionHours * 3_600) / 2;
  if (settings.maxRecordAgeSeconds > oldest) {
    refuse('maxRecordAgeSeconds', `at most ${oldest}, half of ${shown('streamRetentionHours')}`);
  }

  if (settings.alarmEmail !== '' && settings.alarmTopicArn !== '') {
    refuse('alarmEmail', `none with ${named('alarmTopicArn')}: subscribe it to that topic`);
  }

  for (const [index, size] of windowSizes.slice(1).entries()) {
    const smaller = `${windowSizes[index]!}RetentionDays` as const;
    const larger = `${size}RetentionDays` as const;
    if (settings[larger] < settings[smaller]) refuse(larger, `at least ${shown(smaller)}`);
  }

  // Whatever the stream may deliver again, and three days to repair it in.
  const leastLogDays = Math.ceil(settings.streamRetentionHours / 24) + 3;
  if (settings.logDays < leastLogDays) {
    refuse('logDays', `at least ${leastLogDays}, the days of ${shown('streamRetentionHours')} and 3 more`);
  }

  if (settings.deduplicationSeconds > 0 && settings.deduplicationSeconds < leastDeduplicationSeconds) {
    refuse('deduplicationSeconds', `0 or at least ${leastDeduplicationSeconds}`);
  }

  const sources = settings.logSources ? 'logSources' : settings.busSource === '' ? undefined : 'busSource';
  if (sources && settings.deduplicationSeconds < leastDeduplicationSecondsWithSources) {
    refuse(
      'deduplicationSeconds',
      `at least ${leastDeduplicationSecondsWithSources} with ${named(sources)}, from which events may come twice`,
    );
  }

  const { archiveInfrequentAccessDays: cool, archiveGlacierDays: cold, archiveExpiryDays: expiry } = settings;
  if (cool > 0 && cool < leastDaysInAClass) {
    refuse('archiveInfrequentAccessDays', `0 or at least ${leastDaysInAClass}`);
  }
  if (cool > 0 && cold > 0 && cold < cool + leastDaysInAClass) {
    refuse(
      'archiveGlacierDays',
      `0 or at least ${named('archiveInfrequentAccessDays')} + ${leastDaysInAClass}`,
    );
  }
  if (expiry > 0 && expiry <= Math.max(cool, cold)) {
    refuse(
      'archiveExpiryDays',
      `0 or more than ${named('archiveInfrequentAccessDays')} and ${named('archiveGlacierDays')}`,
    );
  }
  if (settings.notebook && !settings.analytics)
    refuse('notebook', `false without ${named('analytics')}, whose catalogue it keeps its tables in`);
  if (settings.parquet && !settings.analytics)
    refuse('parquet', `false without ${named('analytics')}, whose catalogue has its columns`);

  if (settings.anomalies && !settings.alarms)
    refuse('anomalies', `false without ${named('alarms')}, which tell of them`);
  if (settings.anomalies && settings.hourRetentionDays < leastHistoryDays)
    refuse('anomalies', `false with ${shown('hourRetentionDays')}, and true from ${leastHistoryDays} on`);
  if (settings.collectorCloudFront !== 'off' && !settings.collector)
    refuse('collectorCloudFront', `off without ${named('collector')}`);

  // Otherwise a request of as many events as one may hold would never be taken.
  const { collectorEventsPerMinute: perMinute } = settings;
  if (perMinute > 0 && perMinute < maxEvents) {
    refuse('collectorEventsPerMinute', `0 or at least ${maxEvents}, the events of a request`);
  }
  for (const [name, allowed] of checkDestination(settings)) refuse(name, allowed);
  return problems;
}
