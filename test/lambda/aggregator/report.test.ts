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

function reported(outcome: Appended): unknown[] {
  const lines: unknown[] = [];
  reportOutcome('clicks/shardId-000000000008', outcome, (...line) => lines.push(line));
  return lines;
}

describe('The report of a batch', () => {
  it('is a line of counts, and the metrics that alarms look at', () => {
    const { invalidByReason, ...counts } = appended;
    expect(reported(appended)).toEqual([
      [
        'INFO',
        'batch counted',
        { shard: 'clicks/shardId-000000000008', ...counts, invalidByReason: { not_json: 7, future: 3 } },
        { EventsValid: 30, EventsLate: 4, EventsInvalid: 10 },
      ],
    ]);
  });

  it('warns of what is unfinished, and why', () => {
    const unfinished = { ...appended, lowestUnfinished: '495', unfinishedBecause: 'ThrottlingException' };
    expect(reported(unfinished)).toMatchObject([
      [
        'WARN',
        'batch counted in part',
        { lowestUnfinished: '495', unfinishedBecause: 'ThrottlingException' },
        { EventsValid: 30 },
      ],
    ]);
  });
});
