import type { PipelineStatus } from '../../../local/pipeline';
import { statusLine } from '../../../local/status/status-line';
import type { RunStats } from '../../../producer/command/run-producer';

const status: PipelineStatus = {
  faults: 0,
  mappings: { delivered: 12_345, retried: 7, discarded: 6, lagMs: 1_949 },
  deliveries: {
    lagMs: 61_000,
    bufferedRecords: 9,
    bufferedBytes: 10,
    objects: 2_011,
    deliveredRecords: 1_200,
    errorObjects: 13,
    errorRecords: 14,
    droppedRecords: 15,
  },
};

const produced: RunStats = {
  read: 1_900,
  accepted: 1_800,
  retried: 21,
  throttled: 22,
  failed: 23,
  ambiguous: 24,
  outstanding: 25,
  requests: 26,
  acceptedBytes: 27,
  skippedLines: 28,
  excludedLines: 0,
  elapsedMs: 29,
  behindMs: 0,
  throttledByShard: {},
  inFlight: 0,
  records: 9,
  latencyMs: { p50: 30, p99: 31 },
};

describe('the status line', () => {
  it('says how far each application is, records under the error prefix among what is archived', () => {
    expect(statusLine(status, 1_500, produced)).toBe(
      'produced 1,800 · aggregated 12,345 (lag 1.9 s) · ' +
        'archived 1,214 in 2,011 objects (lag 61.0 s) · invalid 1,500 · on-failure 6',
    );
  });

  it('does not speak of a producer that is not there', () => {
    expect(statusLine(status, 0, undefined)).toMatch(/^aggregated 12,345 .* · invalid 0 · on-failure 6$/);
  });
});
