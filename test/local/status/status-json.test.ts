import { statusJson } from '../../../local/status/status-json';
import { alarmStatus } from '../../support/alarm-factory';

const state = {
  counted: 1,
  duplicates: 2,
  invalid: 3,
  archived: 4,
  onFailure: 5,
  lagMs: 6.6,
  nextObjectMs: 7.4,
  archiveLateMs: 8.8,
  others: [{ name: 'alerts', lagMs: 15.4, discarded: 16 }],
  faults: 9,
  injected: 10,
  alarms: [alarmStatus({ name: 'errors' }), alarmStatus({ name: 'age' })],
  producer: { read: 11, accepted: 12, failed: 13, skippedLines: 14, fraction: 0.5 },
};

describe('a status line for machines', () => {
  it('has every field under its name, times in whole milliseconds', () => {
    expect(JSON.parse(statusJson(state, Date.UTC(2026, 2, 1, 12)))).toEqual({
      ...state,
      type: 'status',
      time: '2026-03-01T12:00:00.000Z',
      alarms: ['errors', 'age'],
      lagMs: 7,
      nextObjectMs: 7,
      archiveLateMs: 9,
      others: [{ name: 'alerts', lagMs: 15, discarded: 16 }],
    });
  });

  it('has null for an object that is not to come and an archive that is in time, and leaves out what is not there', () => {
    const text = statusJson(
      {
        ...state,
        nextObjectMs: undefined,
        archiveLateMs: undefined,
        injected: undefined,
        producer: undefined,
      },
      0,
    );

    expect(JSON.parse(text)).toMatchObject({ nextObjectMs: null, archiveLateMs: null });
    expect(Object.keys(JSON.parse(text))).not.toContain('injected');
    expect(Object.keys(JSON.parse(text))).not.toContain('producer');
  });
});
