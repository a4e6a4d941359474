import { linesOfRecords } from '../../recover/history/shard-line';
import { GivenUpEvents } from '../../recover/repair/given-up-events';
import { clickJson } from '../support/click-factory';

const lines = (sequenceNumber: number, afterSeconds: number, ...eventIds: string[]) =>
  linesOfRecords([
    {
      sequenceNumber: String(sequenceNumber),
      data: Buffer.from([...eventIds.map((eventId) => clickJson({ eventId })), 'no json'].join('\n')),
      arrivedAt: Date.parse('2026-03-01T10:00:00Z') + afterSeconds * 1_000,
    },
  ]);

describe('An event is a copy of one that was given up', () => {
  const givenUp = new GivenUpEvents(300);
  givenUp.add(lines(20, 0, 'early', 'late', 'early'));
  givenUp.add(lines(40, 100, 'late'));

  it.each([
    { what: 'behind it', line: lines(50, 359, 'early'), is: true },
    { what: 'more slices behind it than an id is remembered', line: lines(50, 360, 'early'), is: false },
    { what: 'so few behind the later of two', line: lines(50, 419, 'late'), is: true },
    { what: 'behind the earlier of two, and ahead of the later', line: lines(30, 90, 'late'), is: true },
    { what: 'ahead of it', line: lines(10, 0, 'early'), is: false },
    { what: 'with another id', line: lines(50, 0, 'other'), is: false },
  ])('if it stands $what: $is', ({ line, is }) => {
    expect(line.map((one) => givenUp.precede(one))).toEqual([is, false]);
  });

  it('in the same batch', () => {
    expect(lines(20, 0, 'early', 'late', 'early').map((one) => givenUp.precede(one))).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });
});
