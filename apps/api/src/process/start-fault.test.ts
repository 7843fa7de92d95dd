import { expect, test } from 'vitest';
import { describeStartFault } from './start-fault.ts';

const fail = (message: string, properties: object) => Object.assign(new Error(message), properties);

test.each([
  [
    fail('listen EACCES', { code: 'EACCES', syscall: 'listen', address: '::', port: 80 }),
    'Latchkey cannot listen at :::80: this user may not use this port.',
  ],
  [
    fail('listen EADDRNOTAVAIL', {
      code: 'EADDRNOTAVAIL',
      syscall: 'listen',
      address: '203.0.113.1',
      port: 3000,
    }),
    'Latchkey cannot listen at 203.0.113.1:3000: this machine does not have this address.',
  ],
  [
    fail('getaddrinfo ENOTFOUND', {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname: 'x.test',
    }),
    'Latchkey cannot listen at x.test: this name does not exist.',
  ],
])('%s is told as what to do', (error, sentence) => {
  expect(describeStartFault(error)).toContain(sentence);
});

test('an error that explains itself is told in its own words, without its stack', () => {
  expect(describeStartFault(new Error('The site is not built. Run "npm run build".'))).toBe(
    'The site is not built. Run "npm run build".',
  );
  const another = fail('connect ECONNREFUSED', { code: 'ECONNREFUSED', syscall: 'connect' });
  expect(describeStartFault(another)).toBe('connect ECONNREFUSED');
});

test('a mistake of the program is told whole', () => {
  expect(describeStartFault(new TypeError('x is not a function'))).toMatch(/TypeError.*\n +at /);
  expect(describeStartFault('thrown text')).toContain('thrown text');
});
