import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/** IPv6 with an IPv4 tail has 45 characters; a zone and a port stand beside it. */
const MAX_LENGTH = 100;
const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/;
const withPort = /^([^\]]+):\d{1,5}$/;
const ipv4InIpv6 = /^::ffff:([\d.]+)$/;

/**
 * The bare address in what a proxy or a socket calls one: without port, brackets, quotation marks and
 * zone, an IPv6 address in its short form (RFC 5952), and IPv4 in IPv6 clothes as IPv4. Null for all
 * else, such as `unknown` or the made-up names of RFC 7239.
 */
export function cleanAddress(text: string | null | undefined): string | null {
  if (!text || text.length > MAX_LENGTH) return null;
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const candidates = [bare, bracketed.exec(bare)?.[1], withPort.exec(bare)?.[1]];
  for (const candidate of candidates) {
    const address = candidate?.replace(/%.*$/, '') ?? '';
    if (isIPv4(address)) return address;
    if (isIPv6(address)) return shorten(address);
  }
  return null;
}

function shorten(text: string): string {
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  return ipv4InIpv6.exec(address)?.[1] ?? address;
}
