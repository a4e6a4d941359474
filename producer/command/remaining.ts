interface Sample {
  readonly fraction: number;
  readonly atMs: number;
}

/** The pace is that of so long a time. */
const windowMs = 30_000;

/**
 * Estimates how long a run still takes, from how fast it came forward of late: what is passed over on `--resume` goes
 * faster than what is sent. The function returned is called once in a while with the fraction that is done.
 */
export function createRemaining(): (fraction: number | undefined, nowMs: number) => number | undefined {
  const samples: Sample[] = [{ fraction: 0, atMs: 0 }];
  return (fraction, nowMs) => {
    if (fraction === undefined) return undefined;
    samples.push({ fraction, atMs: nowMs });
    while (samples[1] && nowMs - samples[1].atMs >= windowMs) samples.shift();
    const first = samples[0]!;
    const perMs = (fraction - first.fraction) / (nowMs - first.atMs);
    return perMs > 0 ? (1 - fraction) / perMs : undefined;
  };
}
