import type { Failures, GivenUpBatch, RejectedRecords } from './list';
import type { ShownLine, ShownObject } from './show';

/** What could not be processed, for people. */
export function failuresText({ givenUp, rejected, resubmitted, unreadable }: Failures): string {
  const lines = [
    `${givenUp.length} batches that the aggregator gave up`,
    ...givenUp.flatMap(batchLines),
    `${rejected.length} objects of records that the transformer rejected`,
    ...rejected.flatMap(rejectedLines),
    ...resubmitted.map((key) => `sent again: ${key}`),
    ...unreadable.map(({ key, problem }) => `cannot be read: ${key}: ${problem}`),
  ];
  return `${lines.join('\n')}\n`;
}

function batchLines(batch: GivenUpBatch): string[] {
  const { key, isRepaired, at = 'time unknown', shard, records, condition = 'condition unknown' } = batch;
  return [
    `  ${key}${isRepaired ? '  (repaired)' : ''}`,
    `    ${at}  ${shard}  ${records} records  ${condition}: ${batch.error}`,
    `    ${batch.firstSequenceNumber} to ${batch.lastSequenceNumber}, arrived ${batch.firstArrival} to ${batch.lastArrival}`,
  ];
}

function rejectedLines({ key, at, records, firstArrival, lastArrival, errors }: RejectedRecords): string[] {
  return [
    `  ${key}`,
    `    ${at}  ${records} records, arrived ${firstArrival ?? '?'} to ${lastArrival ?? '?'}`,
    ...Object.entries(errors).map(([error, count]) => `    ${count} × ${error}`),
  ];
}

/** One object's records, for people. */
export function shownText({ key, kind, shard, records, problems }: ShownObject): string {
  const lines = [`${key}: ${records.length} records ${kind}${shard === undefined ? '' : ` of ${shard}`}`];
  for (const { sequenceNumber, arrivedAt, failure, lines: shown } of records) {
    lines.push(`${sequenceNumber ?? 'record'}  arrived ${arrivedAt}  ${failure}`);
    lines.push(...shown.map(lineText));
  }
  lines.push(...problems.map((problem) => `cannot be read: ${problem}`));
  return `${lines.join('\n')}\n`;
}

const longestShown = 300;

function lineText(line: ShownLine): string {
  if (line.ok) return `  ${line.index}  event  ${cut(line.event)}`;
  return `  ${line.index}  rejected: ${line.reason}  ${cut(JSON.stringify(Buffer.from(line.raw, 'base64').toString()))}`;
}

function cut(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, ' ');
  return oneLine.length <= longestShown ? oneLine : `${oneLine.slice(0, longestShown)} …`;
}
