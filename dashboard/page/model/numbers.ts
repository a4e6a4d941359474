/** The page is in English, and so are its numbers. */
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function countText(count: number): string {
  return whole.format(count);
}

/** On an axis: `1.5K`. */
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function shortCount(count: number): string {
  return short.format(count);
}

/** `12.3 %` of a share; what is there, and would round to nothing, is not `0 %`. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${percent < 10 ? percent.toFixed(1).replace('.0', '') : Math.round(percent)} %`;
}

/** How a count has changed: `+12 %`, `−3 %`, `new`; undefined if there was nothing, and is nothing. */
export function changeText(count: number, previous: number): string | undefined {
  if (previous === 0) return count === 0 ? undefined : 'new';
  const percent = Math.round((count / previous - 1) * 100);
  if (percent > 999) return `×${Math.round(count / previous)}`;
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`;
}

/** How long ago, or how far behind, in milliseconds: `0.4 s`, `12 s`, `3 min`, `2 h`, `5 days`. */
export function durationText(ms: number): string {
  const seconds = Math.max(ms, 0) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
