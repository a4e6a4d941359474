import type { SourceEvent } from './event-sources/event-source';
import type { Accepted } from './receipt';
import type { RunStats, RunSummary } from './run';

/** One acknowledged event: time, shard, sequence number, HTTP status, type and page. */
export function acknowledgement(event: SourceEvent, receipt: Accepted, now: number): string {
  const { shardId, sequenceNumber, httpStatus } = receipt;
  const what = event.event ? ` ${event.event.type} ${event.event.page}` : '';
  return `${new Date(now).toISOString()} ${shardId} ${sequenceNumber} ${httpStatus}${what}`;
}

/** The status line; `before` is how it stood when the last one was made. */
export function progress(stats: RunStats, before: RunStats | undefined): string {
  const spanMs = stats.elapsedMs - (before?.elapsedMs ?? 0);
  const rate = spanMs > 0 ? ((stats.accepted - (before?.accepted ?? 0)) * 1000) / spanMs : 0;
  const { p50, p99 } = stats.latencyMs;
  return [
    `${rounded(rate)} events/s`,
    `accepted ${stats.accepted}`,
    `retried ${stats.retried}`,
    `failed ${stats.failed}`,
    `latency p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`,
  ].join('  ');
}

/** The summary for people. */
export function summaryText(summary: RunSummary, failedFile: string | undefined): string {
  const { read, accepted, retried, throttled, failed, ambiguous, skippedLines, elapsedMs, latencyMs } =
    summary;
  const skipped = skippedLines > 0 ? `, ${skippedLines} lines skipped` : '';
  const lines = [
    `${read} events read, ${accepted} accepted, ${failed} failed${skipped}`,
    `${retried} sent again, ${throttled} times throttled, ${summary.requests} requests, ${summary.acceptedBytes} bytes`,
    `${(elapsedMs / 1000).toFixed(1)} s, ${rounded(meanRate(summary))} events/s, latency p50 ${milliseconds(latencyMs.p50)}, p99 ${milliseconds(latencyMs.p99)}`,
  ];
  if (ambiguous > 0)
    lines.push(`${ambiguous} events had a request without an answer: the stream may hold them twice`);
  if (failedFile !== undefined) {
    lines.push(
      `the failed events are in ${failedFile}; send them again with: --input ${failedFile} --format ndjson`,
    );
  }
  return lines.join('\n');
}

/** The summary for machines: one JSON object on one line. */
export function summaryJson(summary: RunSummary, failedFile: string | undefined): string {
  const { fault, outstanding: _none, elapsedMs, latencyMs, ...counts } = summary;
  return JSON.stringify({
    ...counts,
    elapsedMs: Math.round(elapsedMs),
    eventsPerSecond: Number(meanRate(summary).toFixed(2)),
    latencyMs: { p50: hundredths(latencyMs.p50), p99: hundredths(latencyMs.p99) },
    failedFile: failedFile ?? null,
    error: fault ? `${fault.name}: ${fault.message}` : null,
  });
}

function meanRate({ accepted, elapsedMs }: RunSummary): number {
  return elapsedMs > 0 ? (accepted * 1000) / elapsedMs : 0;
}

function rounded(rate: number): string {
  return rate < 100 ? rate.toFixed(1) : rate.toFixed(0);
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? '–' : `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

function hundredths(ms: number | undefined): number | null {
  return ms === undefined ? null : Number(ms.toFixed(2));
}
