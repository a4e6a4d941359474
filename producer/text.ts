import type { SourceEvent, UnreadableLine } from './event-sources/event-source';
import type { Overlap } from './ledger/ledger';
import type { LedgerCounts } from './ledger/line';
import type { Traffic } from './options';
import type { Accepted } from './receipt';
import type { RunSummary } from './run';
import { noticeableDelayMs } from './status-line';
import { milliseconds, rate, seconds } from './units';

/** What a run came to, for its summary. */
export interface RunReport {
  readonly summary: RunSummary;
  /** Where failed events are, if there are any. */
  readonly failedFile: string | undefined;
  readonly ledger: ({ readonly path: string } & Overlap) | undefined;
}

/** One acknowledged event: time, shard, sequence number, HTTP status, type and page. */
export function acknowledgement(event: SourceEvent, receipt: Accepted, now: number): string {
  const { shardId, sequenceNumber, httpStatus } = receipt;
  const what = event.event ? ` ${event.event.type} ${event.event.page}` : '';
  return `${new Date(now).toISOString()} ${shardId} ${sequenceNumber} ${httpStatus}${what}`;
}

/** Where a line was passed over, and why; with its file where there are several. */
export function skippedText({ file, line, reason }: UnreadableLine, { input }: Traffic): string {
  const several = input.kind === 'file' && input.paths.length > 1;
  const where = several && file !== undefined ? `${file}: line ${line}` : `line ${line}`;
  return `${where} skipped: ${reason}`;
}

/** What a ledger that is resumed says. */
export function resumedText({ accepted, failed, ambiguous }: LedgerCounts): string {
  return `resuming: ${accepted} events were accepted before and are passed over; ${failed} failed and ${ambiguous} ambiguous ones are sent again`;
}

/** The summary for people. */
export function summaryText({ summary, failedFile, ledger }: RunReport): string {
  const { read, accepted, retried, throttled, failed, ambiguous, skippedLines, elapsedMs, latencyMs } =
    summary;
  const { requests, records, acceptedBytes, behindMs } = summary;
  const skipped = skippedLines > 0 ? `, ${skippedLines} lines skipped` : '';
  const lines = [
    `${read} events read, ${accepted} accepted, ${failed} failed${skipped}`,
    `${retried} sent again, ${throttled} times throttled, ${requests} requests, ${records} records, ${acceptedBytes} bytes`,
    `${(elapsedMs / 1000).toFixed(1)} s, ${rate(meanRate(summary))} events/s, latency p50 ${milliseconds(latencyMs.p50)}, p99 ${milliseconds(latencyMs.p99)}`,
  ];
  if (behindMs > noticeableDelayMs) {
    lines.push(`the rate could not be held: ${seconds(behindMs)} behind at the end`);
  }
  if (ambiguous > 0)
    lines.push(`${ambiguous} events had a request without an answer: the stream may hold them twice`);
  if (ledger && (ledger.passedOver > 0 || ledger.sentAgain > 0)) {
    lines.push(
      `resumed: ${ledger.passedOver} events passed over, accepted before; overlap: ${ledger.sentAgain} of those sent now may be in the stream from before`,
    );
  }
  if (failedFile !== undefined) {
    lines.push(
      `the failed events are in ${failedFile}; send them again with: --input ${failedFile} --format ndjson`,
    );
  }
  if (ledger && (failed > 0 || summary.endedBy === 'signal' || summary.endedBy === 'fault')) {
    const instead = failedFile === undefined ? '' : 'or, and not both, ';
    lines.push(`${instead}go on by the same options with: --resume ${ledger.path}`);
  }
  return lines.join('\n');
}

/** Events accepted a second. */
export function meanRate({ accepted, elapsedMs }: RunSummary): number {
  return elapsedMs > 0 ? (accepted * 1000) / elapsedMs : 0;
}
