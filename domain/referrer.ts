/** Lower-case host of a referrer that is an absolute URL; undefined for none (`-`, empty) and for anything else. */
export function referrerHost(referrer: string | undefined): string | undefined {
  if (!referrer?.includes('://')) return undefined;
  try {
    return new URL(referrer).hostname.toLowerCase() || undefined;
  } catch {
    return undefined;
  }
}
