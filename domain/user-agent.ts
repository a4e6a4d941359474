import { isbot } from 'isbot';
import { remembered } from './remembered';

/** What sort of device a user agent says it is; `unknown` without one, `other` where it does not say. */
export type DeviceClass = 'desktop' | 'mobile' | 'tablet' | 'other' | 'unknown';

export interface Device {
  readonly deviceClass: DeviceClass;
  readonly isBot: boolean;
}

const noDevice: Device = { deviceClass: 'unknown', isBot: false };

/**
 * Characters of a user agent that are read; browsers send some 200. Without a bound, `isbot` and every event behind
 * this one wait for a header as long as its event.
 */
const longestRead = 1024;

// Tablets first: Android tablets differ from phones only in what they leave out, and some carry "Mobile" as well.
const tablet = /iPad|Tablet|PlayBook|Kindle|Nexus (?:7|9|10)\b/i;
const tabletsWithoutMobile = ['silk', 'android'];
const mobile = /Mobi|iPhone|iPod|Android|Windows Phone|BlackBerry|BB10|Opera Mini|Symbian|webOS/i;
const desktop = /Windows NT|Macintosh|X11|CrOS|Linux|Windows 9|Win64|FreeBSD/i;

const claimOf = remembered(
  (userAgent): Device => ({ deviceClass: classify(userAgent), isBot: isbot(userAgent) }),
);

/** A coarse reading of a User-Agent header: what it claims in its first 1,024 characters, no more. */
export function deviceOf(userAgent: string | undefined): Device {
  if (userAgent === undefined || userAgent === '' || userAgent === '-') return noDevice;
  return claimOf(userAgent.slice(0, longestRead));
}

function classify(userAgent: string): DeviceClass {
  if (tablet.test(userAgent) || isTabletWithoutMobile(userAgent.toLowerCase())) return 'tablet';
  if (mobile.test(userAgent)) return 'mobile';
  if (desktop.test(userAgent)) return 'desktop';
  return 'other';
}

/** The last place of a name decides. A pattern that looks ahead from every place takes time by the square. */
function isTabletWithoutMobile(lowerCase: string): boolean {
  return tabletsWithoutMobile.some((name) => {
    const at = lowerCase.lastIndexOf(name);
    return at >= 0 && !lowerCase.includes('mobile', at);
  });
}
