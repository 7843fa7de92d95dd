import { nameCookie, SIGN_IN_HINT_COOKIE } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { headScript } from './inline-scripts.ts';

/** What the script makes of a page at this address, with these cookies. */
function paint(address: string, cookie: string): unknown {
  const document = { cookie, documentElement: { dataset: { session: 'out' } } };
  const observer = class {
    observe = () => undefined;
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- it stands in the page as text
  new Function('location', 'document', 'MutationObserver', headScript.source)(
    new URL(address),
    document,
    observer,
  );
  return document.documentElement.dataset.session;
}

const addresses = [
  'https://members.example',
  'http://localhost:3000',
  'http://localhost:3001',
  'http://localhost',
];

test.each(addresses)('at %s the script follows the hint of this site alone', (address) => {
  const nameAt = (site: string) => nameCookie(SIGN_IN_HINT_COOKIE, new URL(site));
  expect(paint(address, `other=1; ${nameAt(address)}=1; last=1`)).toBe('in');
  const others = addresses.filter((other) => other !== address);
  expect(paint(address, others.map((other) => `${nameAt(other)}=1`).join('; '))).toBe('out');
  expect(paint(address, `not-${nameAt(address)}=1`)).toBe('out');
});
