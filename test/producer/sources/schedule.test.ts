import fc from 'fast-check';
import { movedBy, replayed } from '../../../producer/sources/schedule';
import { createVirtualClock } from '../../support/virtual-clock';

const startedAt = Date.parse('2026-06-01T12:00:00.000Z');
const clock = createVirtualClock(startedAt);
const logged = Date.parse('2015-05-17T10:05:00.000Z');

function replay(speed: number, offsetsMs: readonly (number | undefined)[]) {
  const schedule = replayed(speed, clock);
  return offsetsMs.map((offset) => {
    const { at, dueMs } = schedule(offset === undefined ? undefined : logged + offset);
    return [at === undefined ? undefined : at - startedAt, dueMs];
  });
}

describe('a replay', () => {
  it('keeps the gaps, and tells times from its start on', () => {
    expect(replay(1, [0, 1500, 4000])).toEqual([
      [0, 0],
      [1500, 1500],
      [4000, 4000],
    ]);
  });

  it('goes X times as fast, the timestamps with it', () => {
    expect(replay(20, [0, 1500, 4000])).toEqual([
      [0, 0],
      [75, 75],
      [200, 200],
    ]);
  });

  it('sends an event that is late in its log with the one before it, and tells its time as it was', () => {
    expect(replay(2, [0, 6000, 2000, 6000, -1000, 8000])).toEqual([
      [0, 0],
      [3000, 3000],
      [1000, 3000],
      [3000, 3000],
      [-500, 3000],
      [4000, 4000],
    ]);
  });

  it('sends an event without a time with the one before it', () => {
    expect(replay(1, [undefined, 0, 700, undefined])).toEqual([
      [undefined, 0],
      [0, 0],
      [700, 700],
      [undefined, 700],
    ]);
  });

  it('never has a negative gap, and takes as long as the log is, by its speed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        (offsets, speed) => {
          const dues = replay(speed, offsets).map(([, due]) => due!);
          expect([...dues].sort((a, b) => a - b)).toEqual(dues);
          expect(dues.at(-1)).toBeCloseTo((Math.max(...offsets) - offsets[0]!) / speed, 3);
        },
      ),
    );
  });
});

it('moved events have no time at which they are due', () => {
  expect(movedBy(5)(100)).toEqual({ at: 105, dueMs: undefined });
  expect(movedBy(5)(undefined)).toEqual({ at: undefined, dueMs: undefined });
});
