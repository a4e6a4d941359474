import fc from 'fast-check';
import { lastSettledHour } from '../../../domain/anomalies/settled-hour';

const at = (time: string) => Date.parse(`2026-03-04T${time}Z`);
const fiveMinutes = 300_000;
const said = (
  now: string,
  ...shards: readonly [counted: string | undefined, folded: string | undefined][]
) => {
  const hour = lastSettledHour(
    shards.map(([counted, folded]) => ({
      countedUntil: counted === undefined ? undefined : at(counted),
      foldedAt: folded === undefined ? undefined : at(folded),
    })),
    at(now),
    fiveMinutes,
  );
  return hour === undefined ? undefined : new Date(hour).toISOString().slice(11, 16);
};

describe('the last hour whose counts are whole', () => {
  it('ends ten minutes before what every shard has counted', () => {
    expect(said('14:12:00', ['14:11:00', '14:10:00'])).toBe('13:00');
    expect(said('14:12:00', ['14:11:00', '14:10:00'], ['14:09:00', '14:08:00'])).toBe('12:00');
  });

  it('waits for a shard that is behind, however far', () => {
    expect(said('14:30:00', ['14:29:00', '14:28:00'], ['06:45:00', '14:27:00'])).toBe('05:00');
  });

  it('does not wait for a shard to which nothing comes', () => {
    const busy = ['14:50:00', '14:49:00'] as const;
    expect(said('14:50:00', [...busy], ['02:10:00', '02:12:00'])).toBe('13:00');
    expect(said('14:50:00', [...busy], [undefined, undefined])).toBe('13:00');
    // It may have stopped a moment ago, or be counted late.
    expect(said('14:50:00', [...busy], ['13:40:00', '14:20:00'])).toBe('12:00');
  });

  it('goes on when nothing comes any more at all', () => {
    expect(said('18:50:00', ['14:01:00', '14:03:00'])).toBe('17:00');
  });

  it('waits for a shard that has just begun and is behind', () => {
    expect(said('14:30:00', ['14:29:00', '14:28:00'], ['09:45:00', undefined])).toBe('08:00');
  });

  it('is none of a stream that nothing was counted of', () => {
    expect(said('14:30:00')).toBeUndefined();
    expect(said('14:30:00', [undefined, undefined])).toBeUndefined();
  });

  it('has ended, whatever the arrivals say', () => {
    const arrival = fc.integer({ min: at('00:00:00'), max: at('23:00:00') });
    fc.assert(
      fc.property(fc.array(fc.tuple(arrival, arrival), { minLength: 1 }), arrival, (shards, now) => {
        const all = shards.map(([countedUntil, foldedAt]) => ({ countedUntil, foldedAt }));
        expect(lastSettledHour(all, now, fiveMinutes)! + 3_600_000).toBeLessThanOrEqual(now);
      }),
    );
  });
});
