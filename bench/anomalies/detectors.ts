import { episodesOf } from '../../domain/anomalies/episodes';

/** Says of each hour of a series whether it is unusual, by that hour and those before. */
export interface Detector {
  readonly name: string;
  readonly alarms: (counts: readonly number[]) => readonly boolean[];
}

/** This project's. */
const seasonal: Detector = {
  name: 'the same hours of the week: median and MAD',
  alarms: (counts) => {
    const alarms = counts.map(() => false);
    for (const { from, to } of episodesOf({ counts }, 0)) alarms.fill(true, from, to);
    return alarms;
  },
};

/** A rise to twice the average of a day: an average of three hours against one of twenty-four. */
const twoAverages: Detector = {
  name: 'two EMAs, 3 h above 2 × 24 h',
  alarms: (counts) => {
    const [fast, slow] = [emaOf(counts, 3), emaOf(counts, 24)];
    return counts.map((_, hour) => fast[hour]! > 2 * slow[hour]!);
  },
};

const ewmaShare = 2 / (24 + 1);
const ewmaScore = 6;

/** Off the average of a day by six of its standard deviations, upwards or downwards. */
const ewma: Detector = {
  name: 'EWMA of 24 h, z 6',
  alarms: (counts) => {
    let mean = counts[0] ?? 0;
    let variance = 0;
    return counts.map((count) => {
      const off = count - mean;
      const isAlarm = variance > 0 && Math.abs(off) > ewmaScore * Math.sqrt(variance);
      mean += ewmaShare * off;
      variance = (1 - ewmaShare) * (variance + ewmaShare * off * off);
      return isAlarm;
    });
  },
};

export const detectors: readonly Detector[] = [seasonal, twoAverages, ewma];

function emaOf(counts: readonly number[], hours: number): number[] {
  let average = counts[0] ?? 0;
  return counts.map((count) => {
    average += (2 / (hours + 1)) * (count - average);
    return average;
  });
}
