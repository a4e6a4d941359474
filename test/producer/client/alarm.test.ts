import { createAlarm } from '../../../producer/client/alarm';

describe('an alarm', () => {
  it('sleeps for nothing, and not for less, until an instant that is past: timers warn of that', async () => {
    const slept: number[] = [];
    const rung = new Promise<void>((ring) => {
      const clock = {
        now: () => 1700,
        sleep: async (ms: number) => void slept.push(ms),
      };
      createAlarm(clock, ring).noLaterThan(1688);
    });

    await rung;

    expect(slept).toEqual([0]);
  });
});
