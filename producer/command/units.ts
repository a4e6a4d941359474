/** Events a second. */
export function rate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(1) : perSecond.toFixed(0);
}

export function milliseconds(ms: number | undefined): string {
  return ms === undefined ? '–' : `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

/** A span for people: `8 s`, `2 min 5 s`, `3 h 20 min`. */
export function seconds(ms: number): string {
  const all = Math.round(ms / 1000);
  if (all < 60) return `${all} s`;
  const minutes = Math.floor(all / 60);
  return minutes < 60 ? `${minutes} min ${all % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
