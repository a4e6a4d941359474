import { windowMs } from '../../../domain/counters/window';
import type { FoundAnomaly } from '../../../query/answers';
import { countText } from './numbers';
import type { Picture } from './picture';
import type { View } from './view';

/** What the series of a view is of. */
type Shown = Pick<View, 'metric' | 'selected'>;

/** The anomalies that are of a series: those of the page or type that is chosen, or else of all clicks. */
export function anomaliesOf(
  { metric, selected }: Shown,
  anomalies: readonly FoundAnomaly[],
): readonly FoundAnomaly[] {
  if (selected)
    return anomalies.filter(
      ({ subject, value }) => subject === selected.dimension && value === selected.value,
    );
  if (metric !== 'clicks') return [];
  return anomalies.filter(({ subject }) => subject === 'total' || subject === 'visitor');
}

/** The picture with a word at each window that is unusual, or has unusual hours in it. */
export function withUnusual(picture: Picture, anomalies: readonly FoundAnomaly[]): Picture {
  if (anomalies.length === 0) return picture;
  const length = windowMs[picture.window];
  return {
    ...picture,
    points: picture.points.map((point) => {
      const found = anomalies.filter(
        ({ from, to }) => Date.parse(from) < point.at + length && point.at < Date.parse(to),
      );
      return found.length === 0 ? point : { ...point, unusual: found.map(unusualText).join('; ') };
    }),
  };
}

/** `unusually few: 3 clicks, 210 are usual`. */
export function unusualText({ kind, count, expected }: FoundAnomaly): string {
  const words = {
    high: 'unusually many',
    low: 'unusually few',
    gone: 'gone',
    burst: 'unusually many of few visitors',
  };
  return `${words[kind]}: ${countText(count)} clicks, ${countText(expected)} are usual`;
}
