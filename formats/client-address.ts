import { isIP, isIPv4, isIPv6 } from 'node:net';

const withPort = /^(.+):\d{1,5}$/;
const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/;
/** RFC 4291, 2.5.5.2. */
const mapped = /^::ffff:(?=[\d.]+$)/i;
const longestName = 253;
const label = /^[\w-]{1,63}$/;

/**
 * The client that a log's field names: an IP address, or the name of a host where the server looks names up. A port
 * and brackets are left out, since each connection has another port; of a list (`X-Forwarded-For`) the first address
 * counts, whatever stands before it. Undefined for anything else, `-` and `unknown` among it: taken for an address,
 * it would make one visitor of all.
 */
export function clientAddress(field: string): string | undefined {
  const only = ipAddress(field);
  if (only !== undefined) return only;
  const members = unquoted(field).split(',');
  for (const member of members) {
    const address = ipAddress(member.trim());
    if (address !== undefined) return address;
  }
  const [name = ''] = members;
  return members.length === 1 && isHostName(name) && name !== 'unknown' ? name : undefined;
}

/**
 * An IP address, without brackets and port, and as IPv4 where a socket for both versions has it as IPv6
 * (`::ffff:192.0.2.1`); undefined for any other text.
 */
export function ipAddress(text: string): string | undefined {
  if (isIP(text) !== 0) return text.replace(mapped, '');
  const [, inner = ''] = bracketed.exec(text) ?? [];
  if (isIPv6(inner)) return inner.replace(mapped, '');
  const [, before = ''] = withPort.exec(text) ?? [];
  return isIPv4(before) ? before : undefined;
}

/** The host that a server's field names, without its port: a name, an address, or nginx's `_` for the default server. */
export function serverHost(field: string): string | undefined {
  const address = ipAddress(field);
  if (address !== undefined) return address;
  const name = withPort.exec(field)?.[1] ?? field;
  return isHostName(name) || name === '_' ? name : undefined;
}

/** The last label of a name has a letter: without one it would be an address, or a date. */
function isHostName(text: string): boolean {
  if (text.length > longestName) return false;
  const labels = text.split('.');
  return labels.every((each) => label.test(each)) && /[a-z]/i.test(labels.at(-1)!);
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
