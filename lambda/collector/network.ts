import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';

/** 128 bits, in characters of base64. */
const hashCharacters = 22;

/** The network of an address, hashed, for its limit: it is neither stored nor logged. */
export function networkHash(salt: Uint8Array, address: string): string {
  const hash = createHmac('sha256', salt).update(JSON.stringify(['network', networkOf(address)]));
  return hash.digest('base64url').slice(0, hashCharacters);
}

/**
 * What one subscriber has: an address of IPv4, the first 64 bits of one of IPv6, of whose rest a device makes up a new one
 * as often as it likes (RFC 8981). What is no address stays as it is.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [before = '', behind] = address.split('::');
  const groupsOf = (text = '') => text.split(':').filter((group) => group !== '');
  const [head, tail] = [groupsOf(before), groupsOf(behind)];
  const zeros = behind === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array<string>(zeros).fill('0'), ...tail].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
