import { type CountedRecord, countIndependently } from '../../chaos/independent-count';
import { clickJson } from '../support/click-factory';
import { kplAggregate } from '../support/kpl-encoder';

const arrivedAt = Date.parse('2026-03-01T10:00:00.000Z');
const record = (data: string | Uint8Array, overrides: Partial<CountedRecord> = {}): CountedRecord => ({
  shardId: 'shardId-000000000003',
  data: Buffer.from(data),
  arrivedAt,
  ...overrides,
});
async function* each(records: readonly CountedRecord[]) {
  yield* records;
}
const count = (records: readonly CountedRecord[], deduplicationSeconds = 0) =>
  countIndependently(each(records), deduplicationSeconds);

describe('The independent count', () => {
  it('has valid events by hour and page, late ones, and those that are none', async () => {
    const totals = await count([
      record(clickJson({ page: '/a', timestamp: '2026-03-01T09:59:59.999Z' })),
      record(clickJson({ page: '/a', timestamp: '2026-03-01T08:59:59.999Z' })),
      record(clickJson({ page: '/b', timestamp: '2026-03-01T10:15:00.000Z' })),
      record(clickJson({ page: '/b', timestamp: '2026-03-01T10:15:00.001Z' })),
      record(clickJson({ page: '' })),
      record('[object Object]'),
      record(''),
    ]);
    expect(Object.fromEntries(totals.validByHour)).toEqual({
      '2026-03-01T08:00:00Z': 1,
      '2026-03-01T09:00:00Z': 1,
      '2026-03-01T10:00:00Z': 1,
    });
    expect(Object.fromEntries(totals.byPage)).toEqual({ '/a': 2, '/b': 1 });
    expect(totals).toMatchObject({ invalid: 4, late: 1, duplicates: 0 });
  });

  it('takes packed records and aggregates apart', async () => {
    const totals = await count([
      record(`${clickJson({ eventId: 'one' })}\n\n \nbad\n${clickJson({ eventId: 'two' })}\n`),
      record(kplAggregate([{ data: clickJson({ eventId: 'three' }) }, { data: 'bad' }])),
    ]);
    expect(totals.eventIds).toEqual(['one', 'two', 'three']);
    expect(totals.invalid).toBe(2);
  });

  it('knows an event again on its shard for five slices of the horizon, if it is to', async () => {
    const again = (seconds: number, overrides = {}) =>
      record(clickJson({ eventId: 'same' }), { arrivedAt: arrivedAt + seconds * 1000, ...overrides });
    // Slices of 20 s, the first of which begins with the first event.
    const records = [again(0), again(119), again(240), again(241, { shardId: 'shardId-000000000004' })];
    expect((await count(records, 100)).duplicates).toBe(1);
    expect((await count(records)).duplicates).toBe(0);
    expect((await count([again(0), again(119), again(219)], 100)).duplicates).toBe(2);
    expect((await count([again(200), again(0), again(219)], 100)).duplicates).toBe(2);
  });
});
