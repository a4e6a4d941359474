import { windowMs } from '../../../domain/counters/window';
import type { TimeZone } from '../../../report/time-zone';

/** Minutes between two marks of an axis, from the finest: what divides hours and days evenly. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1_440, 2_880, 5_760, 10_080, 20_160, 40_320];

/** Those of the windows' starts, in epoch milliseconds, that an axis has room to name: even ones of the zone's clocks. */
export function ticks(starts: readonly number[], most: number, zone: TimeZone): readonly number[] {
  for (const step of steps) {
    const even = starts.filter((at) => Math.round((at + zone.offsetMs(at)) / windowMs.minute) % step === 0);
    if (even.length > 0 && even.length <= most) return even;
  }
  return starts.slice(0, 1);
}
