import { expect, test } from 'vitest';
import { nameAddress } from './file-address.ts';

test.each([
  ['index.html', '/'],
  ['login.html', '/login'],
  ['docs/index.html', '/docs'],
  ['docs/indexes.html', '/docs/indexes'],
  ['feed.xml', '/feed.xml'],
])('%s is at %s', (fileName, address) => {
  expect(nameAddress(fileName)).toBe(address);
});
