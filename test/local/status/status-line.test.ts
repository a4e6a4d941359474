import type { PipelineState } from '../../../local/status/pipeline-state';
import { statusLine } from '../../../local/status/status-line';
import { alarmStatus } from '../../support/alarm-factory';

const quiet: PipelineState = {
  counted: 1_234,
  duplicates: 0,
  invalid: 0,
  archived: 1_200,
  onFailure: 0,
  lagMs: 1_949,
  nextObjectMs: 11_020,
  archiveLateMs: undefined,
  others: [],
  faults: 0,
  injected: undefined,
  alarms: [],
  producer: undefined,
};

const producer = { read: 1_900, accepted: 1_800, failed: 0, skippedLines: 28, fraction: undefined };

const everything: PipelineState = {
  ...quiet,
  duplicates: 21,
  invalid: 1_500,
  onFailure: 4_100,
  others: [
    { name: 'alerts', lagMs: 2_610, discarded: 0 },
    { name: 'search', lagMs: 0, discarded: 3_100 },
  ],
  archiveLateMs: 131_000,
  faults: 17,
  injected: 2_345,
  alarms: [alarmStatus({ name: 'errors' }), alarmStatus({ name: 'age' })],
  producer: { ...producer, failed: 23, fraction: 0.627 },
};

describe('the status line', () => {
  it('counts events, and says when the next object comes', () => {
    expect(statusLine(quiet, Infinity)).toBe(
      'counted 1,234 · archived 1,200, next object in 12 s · invalid 0 · on failure 0 · lag 1.9 s',
    );
  });

  it('speaks of the next object only while there is one to come', () => {
    expect(statusLine({ ...quiet, nextObjectMs: undefined }, Infinity)).toBe(
      'counted 1,234 · archived 1,200 · invalid 0 · on failure 0 · lag 1.9 s',
    );
  });

  it('says all that there may be to say', () => {
    expect(statusLine(everything, Infinity)).toBe(
      'ALARM errors, age · 62 % read · counted 1,234 · archived 1,200, next object in 12 s · invalid 1,500 · duplicates 21 · ' +
        'on failure 4,100 · not accepted 23 · lag 1.9 s · archive 131.0 s behind · alerts lag 2.6 s · search lag 0.0 s, on failure 3,100 · injected 2,345 · ' +
        'faults 17 (logs/pipeline.log)',
    );
  });

  it.each([1, 40, 60, 79, 80, 100, 120, 200])('fits into %i columns', (columns) => {
    for (const state of [quiet, everything])
      expect(statusLine(state, columns).length).toBeLessThanOrEqual(columns);
  });

  it('shows invalid, on failure and the lag at 80 columns, however large the counts are', () => {
    const large = {
      ...quiet,
      counted: 123_456_789,
      archived: 123_456_789,
      invalid: 12_345_678,
      onFailure: 1_234_567,
    };

    const shown = statusLine(large, 79);
    expect(shown).toContain('invalid 12,345,678 · on failure 1,234,567 · lag 1.9 s');
  });

  it('keeps all counts at 80 columns, and shortens what is said of the next object', () => {
    expect(statusLine({ ...quiet, archived: 900, counted: 950 }, 79)).toBe(
      'counted 950 · archived 900, next in 12 s · invalid 0 · on failure 0 · lag 1.9 s',
    );
  });

  it('leaves out counts of nothing before what is wrong', () => {
    expect(statusLine({ ...quiet, onFailure: 7 }, 25)).toBe('on failure 7 · lag 1.9 s');
  });

  it('counts the alarms where there is no room for their names', () => {
    expect(statusLine(everything, 60)).toMatch(/^ALARM 2 · /);
    expect(statusLine({ ...quiet, alarms: everything.alarms }, 25)).toBe('ALARM 2 · lag 1.9 s');
  });

  it('does not tell how much of an input was read once all of it was', () => {
    expect(statusLine({ ...quiet, producer: { ...producer, fraction: 1 } }, Infinity)).not.toContain('read');
  });
});
