import { meanRate, type RunReport } from './run-messages';
import type { RunStats } from './run-producer';
import type { Tick } from './status-line';

/** How it stands, for machines: one JSON object on one line. */
export function progressJson({ stats, eventsPerSecond, bytes, remainingMs }: Tick): string {
  return JSON.stringify({
    type: 'progress',
    ...counts(stats),
    outstanding: stats.outstanding,
    inFlight: stats.inFlight,
    eventsPerSecond: hundredths(eventsPerSecond),
    bytesRead: bytes?.read ?? null,
    bytesTotal: bytes?.total ?? null,
    etaSeconds: remainingMs === undefined ? null : Math.round(remainingMs / 1000),
  });
}

/** The summary for machines: one JSON object on one line. */
export function summaryJson({ summary, failedFile, ledger }: RunReport): string {
  const { endedBy, fault } = summary;
  return JSON.stringify({
    type: 'summary',
    ...counts(summary),
    eventsPerSecond: hundredths(meanRate(summary)),
    endedBy,
    failedFile: failedFile ?? null,
    ledger: ledger ?? null,
    error: fault ? `${fault.name}: ${fault.message}` : null,
  });
}

function counts(stats: RunStats): object {
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

function hundredths(value: number): number {
  return Number(value.toFixed(2));
}
