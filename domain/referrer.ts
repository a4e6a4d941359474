import { remembered } from './remembered';

const noHost = '';

/** Lower-case host of a referrer that is an absolute URL; undefined for none (`-`, empty) and for anything else. */
export function referrerHost(referrer: string | undefined): string | undefined {
  return (referrer?.includes('://') && hostOf(referrer)) || undefined;
}

const hostOf = remembered((referrer) => {
  try {
    return new URL(referrer).hostname.toLowerCase();
  } catch {
    return noHost;
  }
});
