import { expect, test } from 'vitest';
import { getAddressKey } from './address-key.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:51234', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::1]:443', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', 'unknown'],
  ['unknown', 'unknown'],
  ['_hidden', 'unknown'],
  ['x'.repeat(5000), 'unknown'],
  ['203.0.113.7:', 'unknown'],
  ['999.1.1.1', 'unknown'],
])('%s counts as %s', (address, key) => {
  expect(getAddressKey(address)).toBe(key);
});

test('a /64 is one address, and its neighbour another', () => {
  expect(getAddressKey('2001:db8:1:2:a::')).toBe(getAddressKey('2001:db8:1:2:ffff:1:2:3'));
  expect(getAddressKey('2001:db8:1:3::1')).not.toBe(getAddressKey('2001:db8:1:2::1'));
});
