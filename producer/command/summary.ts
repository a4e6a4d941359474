import { counted } from '../../cli/counted';
import { printable } from '../../cli/terminal-text';
import type { Accepted } from '../client/receipt';
import type { Overlap } from '../ledger/ledger';
import type { LedgerCounts } from '../ledger/line';
import type { SourceEvent } from '../sources/event-source';
import type { RunStats, RunSummary } from './run-producer';

/** Below this a run is as punctual as a machine can be. */
export const noticeableDelayMs = 1000;

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
  const what = event.event ? printable(` ${event.event.type} ${event.event.page}`) : '';
  return `${new Date(now).toISOString()} ${shardId} ${sequenceNumber} ${httpStatus}${what}`;
}

/** What a ledger that is resumed says. */
export function resumedText({ accepted, failed, ambiguous }: LedgerCounts): string {
  const before =
    accepted === 1 ? '1 event was accepted before and is' : `${accepted} events were accepted before and are`;
  const again = failed + ambiguous === 1 ? 'one is' : 'ones are';
  return `resuming: ${before} passed over; ${failed} failed and ${ambiguous} ambiguous ${again} sent again`;
}

/** The summary for people. */
export function summaryText({ summary, failedFile, ledger }: RunReport): string {
  const { read, accepted, retried, throttled, failed, ambiguous, skippedLines, elapsedMs, latencyMs } =
    summary;
  const { excludedLines, requests, records, acceptedBytes, behindMs } = summary;
  const skipped = skippedLines > 0 ? `, ${counted(skippedLines, 'line')} skipped` : '';
  const excluded = excludedLines > 0 ? `, ${counted(excludedLines, 'line')} excluded` : '';
  const lines = [
    `${counted(read, 'event')} read, ${accepted} accepted, ${failed} failed${skipped}${excluded}`,
    `${retried} sent again, ${counted(throttled, 'time')} throttled, ${counted(requests, 'request')}, ${counted(records, 'record')}, ${counted(acceptedBytes, 'byte')}`,
    `${(elapsedMs / 1000).toFixed(1)} s, ${rate(meanRate(summary))} events/s, latency p50 ${milliseconds(latencyMs.p50)}, p99 ${milliseconds(latencyMs.p99)}`,
  ];
  if (behindMs > noticeableDelayMs) {
    lines.push(`the rate could not be held: ${seconds(behindMs)} behind at the end`);
  }
  if (ambiguous > 0)
    lines.push(
      `${counted(ambiguous, 'event')} had a request without an answer: the stream may hold ${ambiguous === 1 ? 'it' : 'them'} twice`,
    );
  if (ledger && (ledger.passedOver > 0 || ledger.sentAgain > 0)) {
    lines.push(
      `resumed: ${counted(ledger.passedOver, 'event')} passed over, accepted before; overlap: ${ledger.sentAgain} of those sent now may be in the stream from before`,
    );
  }
  if (failedFile !== undefined) {
    lines.push(
      `${failed === 1 ? 'the failed event is' : 'the failed events are'} in ${failedFile}; send ${failed === 1 ? 'it' : 'them'} again with: --input ${failedFile} --format ndjson`,
    );
  }
  if (ledger && (failed > 0 || summary.endedBy === 'signal' || summary.endedBy === 'fault')) {
    const instead = failedFile === undefined ? '' : 'or, and not both, ';
    lines.push(`${instead}go on by the same options with: --resume ${ledger.path}`);
  }
  return lines.join('\n');
}

/** Events accepted a second. */
function meanRate({ accepted, elapsedMs }: RunSummary): number {
  return elapsedMs > 0 ? (accepted * 1000) / elapsedMs : 0;
}

/** The summary for machines: one JSON object on one line. */
export function summaryJson({ summary, failedFile, ledger }: RunReport): string {
  const { endedBy, fault } = summary;
  return JSON.stringify({
    type: 'summary',
    ...countsJson(summary),
    eventsPerSecond: hundredths(meanRate(summary)),
    endedBy,
    failedFile: failedFile ?? null,
    ledger: ledger ?? null,
    error: fault ? `${fault.name}: ${fault.message}` : null,
  });
}

/** What progress and summary say of a run to machines. */
export function countsJson(stats: RunStats): object {
  const { read, accepted, retried, throttled, throttledByShard, failed, ambiguous } = stats;
  const { skippedLines, excludedLines, requests, records, acceptedBytes } = stats;
  const { elapsedMs, behindMs, latencyMs } = stats;
  return {
    ...{ read, accepted, retried, throttled, throttledByShard, failed, ambiguous },
    ...{ skippedLines, excludedLines, requests, records, acceptedBytes },
    elapsedMs: Math.round(elapsedMs),
    behindMs: Math.round(behindMs),
    latencyMs: { p50: known(latencyMs.p50), p99: known(latencyMs.p99) },
  };
}

function known(ms: number | undefined): number | null {
  return ms === undefined ? null : hundredths(ms);
}

export function hundredths(value: number): number {
  return Number(value.toFixed(2));
}

/** Events a second. */
export function rate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(1) : perSecond.toFixed(0);
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? '–' : `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

/** A span for people: `8 s`, `2 min 5 s`, `3 h 20 min`. */
export function seconds(ms: number): string {
  const all = Math.round(ms / 1000);
  if (all < 60) return `${all} s`;
  const minutes = Math.floor(all / 60);
  return minutes < 60 ? `${minutes} min ${all % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
