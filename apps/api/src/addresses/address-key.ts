import { isIPv4 } from 'node:net';
import { cleanAddress } from './client-address.ts';

/**
 * What a limit counts an address by: IPv4 whole, IPv6 by its /64, which one household or server
 * commonly has to itself. Whatever is no address has one count together.
 */
export function getAddressKey(text: string): string {
  const address = cleanAddress(text);
  if (address === null) return 'unknown';
  return isIPv4(address) ? address : `${listGroups(address).slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address in its short form. */
function listGroups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right];
}
