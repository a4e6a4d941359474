import { isbot } from 'isbot';
import { remembered } from './remembered';

/**
 * What sort of device a user agent says it is; `tv` is a television or a box beside one, `other` what does not say, or
 * is none of these (a games console, a headset), `unknown` where there is no user agent.
 */
export type DeviceClass = 'desktop' | 'mobile' | 'tablet' | 'tv' | 'other' | 'unknown';

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

// Each takes time that grows with the text's length alone: no part of them may match at any length, but for a word's.
const apple = /\b(iPad|iPhone|iPod)/;
const neither = /PlayStation|PLAYSTATION|Xbox|Nintendo|Oculus|\bQuest\b|\bVR\b|\bWatch\b/;
const television =
  /T[Vv](?![A-Za-z0-9])|AppleTV|TVBOX|TVStick|NetCast|Web0S|webOS\.TV|BRAVIA|Viera|\bAFT[A-Z]|CrKey|Chromecast|Roku|VIZIO|MiTV|MIBOX|\bSTB\b|\bOMI\/|LG Browser|Maple_?20|Andr0id|CE-HTML/;
/** Boxes that name Android and a model. */
const androidBox =
  /\bBox\b|BOX(?![a-z])|[ _][Ss]hell[ _]|-LED\d\d|Beelink|MINIX|MECOOL|MXQ|Transpeed|A95X|\b(?:H96|T95|X96)|Nexus Player/;
const tablet =
  /Tablet(?! ?PC)|PlayBook|Kindle|\bKF[A-Z]{2}|\bNexus (?:7|9|10)\b|Xoom|TouchPad|\bnook\b|\bGT-[NP][58]\d|\bGT-P\d|\bSM-[TXP]\d|\bTB-?[\dXJ]\d/;
const androidTablet = /(?<!cool)(?:pad|tab)(?![a-z])/i;
const phone =
  /Mobi|Windows Phone|Windows CE|BlackBerry|BB10|Opera Mini|Symb(?:ian|OS)|Series ?[46]0|webOS|MIDP|J2ME|Nokia|SonyEricsson|UP\.Link|Palm(?:OS|Source)|DoCoMo|KAIOS|Bada\/|Lumia|Fennec/i;
const desktop =
  /Windows|Win(?:9|NT|32|64)|Macintosh|Mac OS|Mac_PowerPC|X11|CrOS|Linux|BSD|SunOS|OS\/2|Haiku/i;

const claimOf = remembered(
  (userAgent): Device => ({ deviceClass: classify(userAgent), isBot: isbot(userAgent) }),
);

/** A coarse reading of a User-Agent header: what it claims in its first 1,024 characters, no more. */
export function deviceOf(userAgent: string | undefined): Device {
  if (userAgent === undefined || userAgent === '' || userAgent === '-') return noDevice;
  return claimOf(userAgent.slice(0, longestRead));
}

/** First what is one thing only, then what most say beside others: nearly all name Mozilla, Linux, or Mobile. */
function classify(userAgent: string): DeviceClass {
  const [, device] = apple.exec(userAgent) ?? [];
  // Before televisions, whose name apps on these have in theirs.
  if (device !== undefined) return device === 'iPad' ? 'tablet' : 'mobile';
  if (neither.test(userAgent)) return 'other';
  if (television.test(userAgent)) return 'tv';
  if (tablet.test(userAgent)) return 'tablet';
  if (userAgent.includes('Android')) return androidClass(userAgent);
  if (phone.test(userAgent)) return 'mobile';
  if (userAgent.includes('Silk/')) return 'tablet';
  return desktop.test(userAgent) ? 'desktop' : 'other';
}

/**
 * Browsers leave out "Mobile" on tablets. Apps that make up a user agent of their own leave it out on phones as well,
 * and browsers within apps name Android once more.
 */
function androidClass(userAgent: string): DeviceClass {
  if (androidBox.test(userAgent)) return 'tv';
  if (androidTablet.test(userAgent)) return 'tablet';
  const isBrowser = userAgent.includes('Mozilla/');
  return !isBrowser || phone.test(userAgent) ? 'mobile' : 'tablet';
}
