import { isbot } from 'isbot';
import { remembered } from './remembered';

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

const claimOf = remembered(
  (userAgent): Device => ({ deviceClass: classify(userAgent), isBot: isbot(userAgent) }),
);

/** A coarse reading of a User-Agent header: what it claims, no more. */
export function deviceOf(userAgent: string | undefined): Device {
  return userAgent === undefined || userAgent === '' || userAgent === '-' ? noDevice : claimOf(userAgent);
}

function classify(userAgent: string): DeviceClass {
  if (tablet.test(userAgent)) return 'tablet';
  if (mobile.test(userAgent)) return 'mobile';
  if (desktop.test(userAgent)) return 'desktop';
  return 'other';
}
