import { expect, test } from 'vitest';
import { requestTarget } from '../testing/raw-request.ts';
import { startTestServer } from '../testing/test-server.ts';

const asBrowser = { headers: { accept: 'text/html', 'accept-encoding': 'identity' } };
const foreign = {
  method: 'POST',
  headers: { ...asBrowser.headers, origin: 'https://evil.example' },
};
/** Where visitors get stuck: how each page is asked for. */
const places = [
  ['/login', asBrowser],
  ['/check-email', asBrowser],
  ['/forgot-password', asBrowser],
  ['/reset-password', asBrowser],
  ['/register', asBrowser],
  ['/blog/how-a-session-ends', asBrowser],
  ['/logout', foreign],
] as const;

test.each([
  ['help@example.com', 'mailto:help@example.com', 'help@example.com'],
  ['mailto:a+b&c@example.com', 'mailto:a%2Bb%26c@example.com', 'a+b&amp;c@example.com'],
  [
    'https://example.com/help?a=1&b=2',
    'https://example.com/help?a=1&amp;b=2',
    'the people who run this site',
  ],
  ['/', '/', 'the people who run this site'],
])('CONTACT=%s is shown wherever a visitor is stuck', async (CONTACT, href, text) => {
  const env = { CONTACT, REGISTRATION: 'closed', FREE_READS: '0' };
  await using server = await startTestServer('sqlite', env);
  for (const [path, options] of places) {
    const { body } = await requestTarget(server.url, path, options);
    expect([path, body.includes(`<a href="${href}">${text}</a>`)]).toEqual([path, true]);
    expect(body, `${path} ${JSON.stringify(options)}`).not.toMatch(
      /data-contact="none"|data-slot="contact"/,
    );
  }
  const { headers } = await requestTarget(server.url, '/login', asBrowser);
  expect(headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
});

test('without CONTACT nobody is named, and what needs one is not shown', async () => {
  await using server = await startTestServer('sqlite', { REGISTRATION: 'closed', FREE_READS: '0' });
  for (const [path, options] of places) {
    const { body } = await requestTarget(server.url, path, options);
    expect(body, `${path} ${JSON.stringify(options)}`).toContain('the people who run this site');
    expect(body, `${path} ${JSON.stringify(options)}`).not.toMatch(/mailto:|data-contact="shown"/);
  }
});
