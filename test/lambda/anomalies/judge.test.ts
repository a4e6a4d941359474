import { windowMs } from '../../../domain/counters/window';
import type { ShardRecord } from '../../../domain/event/shard-lines';
import { createJudge, type Verdict } from '../../../lambda/anomalies/judge';
import { logTable } from '../../../table/log-table';
import { counting } from '../../support/counting';
import { siteHours } from '../../support/hour-counts';
import { clicksOfHour } from '../../support/imported-hours';
import { createMemoryDynamo } from '../../support/memory-dynamo';

const hourMs = windowMs.hour;
const weeks = 3;
/** A Monday. */
const begin = Date.parse('2026-03-02T00:00:00Z');
const end = begin + weeks * 7 * windowMs.day;
const usual = siteHours('judged', weeks + 1, 60);
const settings = { compactionSeconds: 300, hourRetentionDays: 60, uniqueVisitors: 'off' } as const;

/** A table with weeks of clicks on one shard, to which more can be added as time goes on. */
async function judgedTable(uniqueVisitors: 'off' | 'total' = 'off') {
  const clock = { now: end };
  const table = logTable(createMemoryDynamo(), 'aggregates');
  const { count, compact } = counting(table, {
    uniqueVisitors,
    now: () => clock.now,
    // Hours alone are judged.
    minutesForDays: 1 / 24,
  });
  let sequence = 1_000_000n;
  const add = async (records: readonly Pick<ShardRecord, 'data' | 'arrivedAt'>[], shard = 'clicks/one') => {
    const placed = records.map((record) => ({ ...record, sequenceNumber: String(sequence++) }));
    await count(shard, placed);
    await compact();
  };
  const imported = usual
    .slice(0, weeks * 168)
    .flatMap((clicks, hour) => clicksOfHour(begin + hour * hourMs, clicks, { arrivedAt: end - 60_000 }));
  await add(imported);
  const judge = createJudge({ table, now: () => clock.now }, { ...settings, uniqueVisitors });
  return { table, clock, add, judge };
}

const said = (verdict: Verdict | undefined) =>
  verdict && {
    hour: (verdict.hour - end) / hourMs,
    open: verdict.open.map(({ subject, value, kind }) => `${subject} ${value} ${kind}`),
  };

describe('the judge of the latest hour', () => {
  it('says nothing before anything is counted', async () => {
    const table = logTable(createMemoryDynamo(), 'aggregates');
    expect(await createJudge({ table, now: () => end }, settings)()).toBeUndefined();
  });

  it('finds nothing in usual hours, a page that is gone, and that it is back three hours later', async () => {
    const { clock, add, judge } = await judgedTable();
    const verdicts: unknown[] = [];
    for (let hour = 6; hour < 16; hour++) {
      const start = end + hour * hourMs;
      const isGone = hour === 10 || hour === 11;
      clock.now = start + hourMs + 11 * windowMs.minute;
      const records = clicksOfHour(start, usual[weeks * 168 + hour]!, {
        arrivedAt: clock.now - windowMs.minute,
        ...(isGone && { pageOf: () => '/home' }),
      });
      await add(records);
      verdicts.push(said(await judge()));
    }
    const gone = ['page /buy gone'];
    expect(verdicts).toEqual(
      [6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((hour) => ({
        hour,
        // The two hours, and the two usual ones in which it may go on.
        open: hour >= 10 && hour <= 13 ? expect.arrayContaining(gone) : [],
      })),
    );
  });

  it('judges the hour before until all of an hour has arrived, and says the same of it again', async () => {
    const { clock, add, judge } = await judgedTable();
    const start = end + 9 * hourMs;
    clock.now = start + hourMs - windowMs.minute;
    const half = clicksOfHour(start, 20, { arrivedAt: clock.now });
    await add(half);
    const before = await judge();
    expect(said(before)!.hour).toBe(8);
    clock.now += 25 * windowMs.minute;
    // Counted meanwhile, and not so far.
    await add(clicksOfHour(start, 20, { arrivedAt: start + hourMs + windowMs.minute }));
    expect(await judge()).toBe(before);
    await add(clicksOfHour(start, 1, { arrivedAt: start + hourMs + 10 * windowMs.minute }));
    expect(said(await judge())!.hour).toBe(9);
  });

  it('notices that nothing comes any more', async () => {
    const { clock, judge } = await judgedTable();
    clock.now = end + 12 * hourMs;
    expect(said(await judge())).toEqual({ hour: 10, open: ['total all low'] });
  });

  it('knows one visitor who makes most of the clicks from a crowd', async () => {
    const { clock, add, judge } = await judgedTable('total');
    const verdicts: Record<number, unknown> = {};
    for (let hour = 8; hour < 18; hour++) {
      const start = end + hour * hourMs;
      clock.now = start + hourMs + 11 * windowMs.minute;
      const arrivedAt = clock.now - windowMs.minute;
      const clicks = usual[weeks * 168 + hour]!;
      const isCrowd = hour === 9 || hour === 10;
      const isScraped = hour === 16 || hour === 17;
      await add([
        ...clicksOfHour(start, isCrowd ? 5 * clicks : clicks, { arrivedAt }),
        ...(isScraped ? clicksOfHour(start, 4 * clicks, { arrivedAt, visitorOf: () => 'scraper' }) : []),
      ]);
      if (hour === 10 || hour === 17) verdicts[hour] = said(await judge())!.open;
    }
    expect(verdicts).toEqual({ 10: ['total all high'], 17: ['total all high', 'visitor all burst'] });
  });

  it('does not judge by hours that may be deleted in part', async () => {
    const { table, clock } = await judgedTable();
    clock.now = end + 12 * hourMs;
    const kept = { ...settings, hourRetentionDays: 6 };
    expect(said(await createJudge({ table, now: () => clock.now }, kept)())).toEqual({ hour: 10, open: [] });
  });
});
