import { isIPv4, isIPv6 } from 'node:net';

const withPort = /^\[?(.+?)\]?:\d+$/;
const ipv4InIpv6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * What a limit counts an address by: IPv4 whole, IPv6 by its /64, which one household or server
 * commonly has to itself. An IPv4 address in IPv6 clothes counts as IPv4, and the port that some
 * proxies add counts for nothing. Whatever is no address has one count together.
 */
export function getAddressKey(address: string): string {
  if (isIPv4(address)) return address;
  if (isIPv6(address)) return getIpv6Key(address.replace(/%.*$/, ''));
  const [, host] = withPort.exec(address) ?? [];
  return host === undefined ? 'unknown' : getAddressKey(host);
}

function getIpv6Key(address: string): string {
  const [, mapped] = ipv4InIpv6.exec(address) ?? [];
  if (mapped) return mapped;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}
