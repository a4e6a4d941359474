import type { AlarmsFile } from '../../../alarms/local-alarms';
import { startAlarmMinutes } from '../../../local/metrics/alarm-minutes';
import { createMetricStore, keptMs } from '../../../local/metrics/metric-store';
import { alarm } from '../../support/alarm-factory';
import { createVirtualClock } from '../../support/virtual-clock';

const minute = 60_000;

async function started() {
  const clock = createVirtualClock(Date.parse('2026-03-01T10:00:20Z'));
  const one = alarm();
  const { metric } = [...one.metrics.values()][0]!;
  const metrics = createMetricStore(clock.now, keptMs([one]));
  const collected: string[] = [];
  const saved: AlarmsFile[] = [];
  const faults: string[] = [];
  const disk = { isFull: false };
  const minutes = await startAlarmMinutes([one], {
    ...{ metrics, clock },
    collect: (at) => {
      collected.push(new Date(at).toISOString());
      metrics.record(metric, 5, { at });
    },
    save: async (states) => {
      if (disk.isFull) throw new Error('no room');
      saved.push(states);
    },
    onFault: (what) => faults.push(what),
  });
  return { clock, minutes, collected, saved, faults, disk };
}

describe('The alarms of the laptop', () => {
  it('are evaluated at once, and shortly after each full minute, with what belongs to it', async () => {
    const { clock, minutes, collected, saved } = await started();
    await clock.advance(2 * minute);
    expect(collected).toEqual([
      '2026-03-01T09:59:59.999Z',
      '2026-03-01T10:00:59.999Z',
      '2026-03-01T10:01:59.999Z',
    ]);
    expect(saved.map(({ evaluatedAt }) => evaluatedAt)).toEqual([
      '2026-03-01T10:00:20.000Z',
      '2026-03-01T10:01:03.000Z',
      '2026-03-01T10:02:03.000Z',
    ]);
    expect(saved.map(({ alarms }) => alarms[0]!.state)).toEqual(['OK', 'ALARM', 'ALARM']);
    expect(minutes.statuses()).toEqual(saved.at(-1)!.alarms);
    await minutes.stop();
  });

  it('go on when their states cannot be kept', async () => {
    const { clock, minutes, saved, faults, disk } = await started();
    disk.isFull = true;
    await clock.advance(minute);
    disk.isFull = false;
    await clock.advance(minute);
    expect(faults).toEqual(['keeping the states of the alarms']);
    expect(saved).toHaveLength(2);
    await minutes.stop();
  });

  it('are left alone after the end', async () => {
    const { clock, minutes, collected } = await started();
    await minutes.stop();
    await clock.advance(5 * minute);
    expect(collected).toHaveLength(1);
  });
});
