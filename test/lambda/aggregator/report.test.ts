import { reportOutcome } from '../../../lambda/aggregator/report';
import type { Appended } from '../../../table/append';

const appended: Appended = {
  records: 11,
  recordsCountedBefore: 2,
  lines: 40,
  valid: 30,
  duplicates: 5,
  late: 4,
  invalidByReason: new Map([
    ['not_json', 7],
    ['future', 3],
  ]),
  deltas: 6,
  refused: 1,
};

function reported(outcome: Appended) {
  const lines: unknown[] = [];
  const metrics: unknown[] = [];
  reportOutcome('clicks/shardId-000000000008', outcome, {
    log: (...line) => lines.push(line),
    count: (...counts) => metrics.push(counts),
  });
  return { lines, metrics };
}

describe('The report of a batch', () => {
  it('is a line of counts, and the metrics that alarms look at', () => {
    const { invalidByReason, ...counts } = appended;
    expect(reported(appended)).toEqual({
      lines: [
        [
          'INFO',
          'batch counted',
          { shard: 'clicks/shardId-000000000008', ...counts, invalidByReason: { not_json: 7, future: 3 } },
        ],
      ],
      metrics: [
        [
          {
            EventsValid: 30,
            EventsLate: 4,
            EventsInvalid: 10,
          },
        ],
      ],
    });
  });

  it('warns of what is unfinished, and why', () => {
    const unfinished = { ...appended, lowestUnfinished: '495', unfinishedBecause: 'ThrottlingException' };
    const { lines } = reported(unfinished);
    expect(lines).toMatchObject([
      [
        'WARN',
        'batch counted in part',
        { lowestUnfinished: '495', unfinishedBecause: 'ThrottlingException' },
      ],
    ]);
  });
});
