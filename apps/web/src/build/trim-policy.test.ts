import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { trimPolicyOfPage } from './trim-policy.ts';

const hash = (text: string, algorithm = 'sha256') =>
  `'${algorithm}-${createHash(algorithm).update(text).digest('base64')}'`;

const writePage = (policy: string, rest = '') =>
  `<head><meta http-equiv="content-security-policy" content="${policy}">${rest}</head>`;

const files = `${hash('a file of the site')} ${hash('another')}`;

test('hashes of files go, and everything else of the policy stays', () => {
  expect(trimPolicyOfPage(writePage(`default-src 'self'; script-src 'self' ${files};`))).toBe(
    writePage("default-src 'self'; script-src 'self';"),
  );
});

const needed = [
  ['an inline script', '<script>{const a = "</style>"}</script>', hash('{const a = "</style>"}')],
  ['one of a module', '<script type="module">\nlet b;\n</script>', hash('\nlet b;\n')],
  ['a longer hash', '<script>c</script>', hash('c', 'sha384')],
  ['an inline style', '<style>p { color: red }</style>', hash('p { color: red }')],
  ['an empty style', '<style></style>', hash('')],
  [
    'a file with a hash of its own',
    `<link integrity=${hash('d').replaceAll("'", '"')}>`,
    hash('d'),
  ],
] as const;

test.each(needed)('the hash of %s stays', (_kind, html, source) => {
  expect(trimPolicyOfPage(writePage(`script-src ${files} 'self' ${source};`, html))).toBe(
    writePage(`script-src 'self' ${source};`, html),
  );
});

test('a policy for attributes, and a page without a policy, stay as they are', () => {
  const page = writePage(`script-src 'unsafe-hashes' ${files}`);
  expect(trimPolicyOfPage(page)).toBe(page);
  expect(trimPolicyOfPage('<p>No policy</p>')).toBe('<p>No policy</p>');
});
