import { isIPv6 } from 'node:net';

/**
 * What a limit counts an address by: IPv4 whole, IPv6 by its /64, which one household or server
 * commonly has to itself. An IPv4 address in IPv6 clothes counts as IPv4.
 */
export function getAddressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const bare = address.replace(/%.*$/, '');
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare) ?? [];
  if (mapped) return mapped;
  const [head = '', tail] = bare.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}
