import { MAIL_COLORS, SITE_NAME } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { writeMail } from './write-mail.ts';

const address = `https://example.com/reset-password#${'x'.repeat(43)}`;
const letter = {
  subject: 'Set a new password',
  opening: ['A long sentence that goes on. '.repeat(6).trim()],
  link: { label: 'Set it', address },
  closing: ['<b>Not bold</b> & "quoted".'],
};
const written = writeMail(letter, 'https://example.com');

test('the text has short lines, and the link alone on one of them', () => {
  const lines = written.text.split('\n');
  expect(lines).toContain(address);
  expect(lines.filter((line) => line.length > 72)).toEqual([address]);
  expect(written.text).toContain(letter.closing[0]);
});

test('the HTML has the same in it, one link, and nothing that is loaded', () => {
  const { html } = written;
  expect(html.match(/<a /g)).toHaveLength(1);
  expect(html).toContain(`href="${address}"`);
  expect(html).toContain('&lt;b&gt;Not bold&lt;/b&gt; &amp; &quot;quoted&quot;.');
  expect(html).not.toMatch(/<img|<script|<link|url\(/);
  expect(html).toContain(SITE_NAME);
});

test.each(['light', 'dark'] as const)('the HTML has the colours for %s', (scheme) => {
  for (const color of Object.values(MAIL_COLORS[scheme])) expect(written.html).toContain(color);
});
