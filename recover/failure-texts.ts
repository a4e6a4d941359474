import { counted } from '../cli/counted';
import { page } from '../cli/terminal-text';
import type { FailedRecords, Failures, GivenUpBatch, RejectedLines } from './list';
import type { ShownLine, ShownObject, ShownRecord } from './show';
import type { UncountedShard } from './uncounted';

/**
 * What could not be processed, for people.
 *
 * @param since from when on rejected lines were looked for: ISO 8601
 */
export function failuresText(failures: Failures, since: string, until: string): string {
  const { givenUp, failed, undelivered, rejected, resubmitted, unreadable } = failures;
  const lines = [`${counted(givenUp.length, 'batch', 'batches')} that the aggregator gave up`];
  for (const batch of givenUp) push(lines, batchLines(batch));
  lines.push(`${counted(failed.length, 'object')} of records at which the transformer failed`);
  for (const one of failed) push(lines, failedLines(one));
  // Not every pipeline has a destination.
  if (undelivered.length > 0) {
    lines.push(`${counted(undelivered.length, 'object')} of records that the destination did not take`);
  }
  for (const one of undelivered) push(lines, failedLines(one));
  lines.push(
    `${counted(rejected.length, 'object')} of the archive with rejected lines that arrived from ${since} to ${until}`,
  );
  for (const one of rejected) push(lines, rejectedLines(one));
  for (const key of resubmitted) lines.push(`sent again: ${key}`);
  for (const { key, problem } of unreadable) lines.push(`cannot be read: ${key}: ${problem}`);
  return page(lines);
}

function push(lines: string[], more: readonly string[]): void {
  for (const line of more) lines.push(line);
}

function batchLines(batch: GivenUpBatch): string[] {
  const { key, isRepaired, at = 'time unknown', shard, records, condition = 'condition unknown' } = batch;
  return [
    `  ${key}${isRepaired ? '  (repaired)' : ''}`,
    `    ${at}  ${shard}  ${counted(records, 'record')}  ${condition}: ${batch.error}`,
    `    ${batch.firstSequenceNumber} to ${batch.lastSequenceNumber}, arrived ${batch.firstArrival} to ${batch.lastArrival}`,
  ];
}

function failedLines(object: FailedRecords): string[] {
  const { key, isBackfilled, at, records, firstArrival, lastArrival, errors } = object;
  return [
    `  ${key}${isBackfilled ? '  (backfilled)' : ''}`,
    `    ${at}  ${counted(records, 'record')}, arrived ${firstArrival ?? '?'} to ${lastArrival ?? '?'}`,
    ...Object.entries(errors).map(([error, count]) => `    ${count} × ${error}`),
  ];
}

function rejectedLines({ key, lines, reasons }: RejectedLines): string[] {
  return [
    `  ${key}`,
    `    ${counted(lines, 'line')}`,
    ...Object.entries(reasons).map(([reason, count]) => `    ${count} × ${reason}`),
  ];
}

/** Records that are still to be counted, for people. */
export function uncountedText(shards: readonly UncountedShard[]): string {
  if (shards.length === 0) return '';
  const first = shards.reduce((least, { arrivedAt }) => Math.min(least, arrivedAt), Infinity);
  const last = shards.reduce((latest, { dueBy }) => Math.max(latest, dueBy), 0);
  return (
    `not yet counted: records of ${counted(shards.length, 'shard')}, the first of which arrived ${iso(first)}; ` +
    `they are counted, or given up, by ${iso(last)} at the latest\n`
  );
}

/** Shards whose next records a mapping gives up without trying them, for people. */
export function tooOldText(shards: readonly UncountedShard[]): string {
  const lines = shards.map(
    ({ shardId, arrivedAt }) =>
      `WARNING: ${shardId}: what is to be counted next arrived ${iso(arrivedAt)} and is older than maxRecordAgeSeconds: ` +
      'the mapping will give it up (recover repair counts it then)\n',
  );
  return lines.join('');
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}

/** One object's records, for people. */
export function shownText({ key, kind, shard, records, problems }: ShownObject): string {
  const ofShard = shard === undefined ? '' : ` of ${shard}`;
  const lines = [`${key}: ${counted(records.length, 'record')} ${kind}${ofShard}`];
  for (const record of records) {
    lines.push(recordText(record));
    for (const line of record.lines) lines.push(lineText(line));
    if (record.more > 0) lines.push(`  and ${counted(record.more, 'more line', 'more lines')}`);
  }
  for (const problem of problems) lines.push(`cannot be read: ${problem}`);
  return page(lines);
}

function recordText({ shardId, sequenceNumber, arrivedAt, failure }: ShownRecord): string {
  const place = [shardId, sequenceNumber ?? 'record'].filter((text) => text !== undefined).join(' ');
  return `${place}  arrived ${arrivedAt}  ${failure}`;
}

const longestShown = 300;

function lineText(line: ShownLine): string {
  if (line.ok) return `  ${line.index}  event  ${cut(line.event)}`;
  return `  ${line.index}  rejected: ${line.reason}  ${cut(JSON.stringify(Buffer.from(line.raw, 'base64').toString()))}`;
}

function cut(text: string): string {
  const oneLine = text.slice(0, 2 * longestShown).replaceAll(/\s+/g, ' ');
  return text.length <= longestShown ? oneLine : `${oneLine.slice(0, longestShown)} …`;
}
