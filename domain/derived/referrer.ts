import { remembered } from './remembered';

const noHost = '';

/** A name in the DNS has no more characters. */
const longestHost = 253;

/**
 * Characters of a referrer in which its origin must end: a host, and beside it a scheme, a port, and a user name, though
 * browsers leave that out. The time that a URL takes grows by the square of its host, as the host is turned into ASCII.
 */
const longestOrigin = 300;

/**
 * Up to the byte that ends the host. Behind `//`, a URL may have more slashes of either kind, and line breaks and tabs
 * that do not count.
 */
const origin = /:\/\/[/\\\t\n\r]*[^/?#]*[/?#]?/;

/**
 * Lower-case host of a referrer that is an absolute URL; undefined for none (`-`, empty) and for anything else. Only
 * the origin is read; one that does not end within 300 characters, or whose host has more than 253, has no host.
 */
export function referrerHost(referrer: string | undefined): string | undefined {
  const text = referrer && originOf(referrer);
  return (text && hostOf(text)) || undefined;
}

/** What stands in a referrer up to its path; undefined for one that is no absolute URL, or too long. */
function originOf(referrer: string): string | undefined {
  const beginning = referrer.slice(0, longestOrigin);
  const found = origin.exec(beginning);
  if (!found) return undefined;
  const end = found.index + found[0].length;
  const isWhole = end < beginning.length || beginning.length === referrer.length;
  return isWhole ? beginning.slice(0, end) : undefined;
}

const hostOf = remembered((text) => {
  try {
    const { hostname } = new URL(text);
    return hostname.length > longestHost ? noHost : hostname.toLowerCase();
  } catch {
    return noHost;
  }
});
