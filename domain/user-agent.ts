import { isbot } from 'isbot';

/** What sort of device a user agent says it is; `unknown` without one, `other` where it does not say. */
export type DeviceClass = 'desktop' | 'mobile' | 'tablet' | 'other' | 'unknown';

export interface Device {
  readonly deviceClass: DeviceClass;
  readonly isBot: boolean;
}

const noDevice: Device = { deviceClass: 'unknown', isBot: false };

// Tablets first: Android tablets differ from phones only in what they leave out, and some carry "Mobile" as well.
const tablet = /iPad|Tablet|PlayBook|Silk(?!.*Mobile)|Kindle|Nexus (?:7|9|10)\b|Android(?!.*Mobile)/i;
const mobile = /Mobi|iPhone|iPod|Android|Windows Phone|BlackBerry|BB10|Opera Mini|Symbian|webOS/i;
const desktop = /Windows NT|Macintosh|X11|CrOS|Linux|Windows 9|Win64|FreeBSD/i;

const cache = new Map<string, Device>();
const cacheSize = 2_000;

/**
 * A coarse reading of a User-Agent header: what it claims, no more. User agents repeat, and the pattern of known
 * bots is long, so answers are kept; the answer depends on the argument alone.
 */
export function deviceOf(userAgent: string | undefined): Device {
  if (userAgent === undefined || userAgent === '' || userAgent === '-') return noDevice;
  const known = cache.get(userAgent);
  if (known) return known;
  const device: Device = { deviceClass: classify(userAgent), isBot: isbot(userAgent) };
  if (cache.size >= cacheSize) cache.clear();
  cache.set(userAgent, device);
  return device;
}

function classify(userAgent: string): DeviceClass {
  if (tablet.test(userAgent)) return 'tablet';
  if (mobile.test(userAgent)) return 'mobile';
  if (desktop.test(userAgent)) return 'desktop';
  return 'other';
}
