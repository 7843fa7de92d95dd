import { expect, test } from 'vitest';
import { parseSettings } from '../settings/settings.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { examineSite } from './examine-site.ts';

const link = '<link rel="canonical" href="https://site.example/">';

test.each([
  ['the address that people see', 'https://site.example', link, 'ok'],
  ['another address', 'https://new.example', link, 'warning'],
  ['no address', 'https://site.example', '<title>Home</title>', 'warning'],
  ['no address, on localhost', 'http://localhost:3000', '<title>Home</title>', 'ok'],
])('a site that was built for %s', async (_title, PUBLIC_URL, html, state) => {
  await using folder = await createTemporaryFolder({ 'index.html': html });
  const findings = await examineSite(parseSettings({ PUBLIC_URL }), folder.path);
  expect(findings.map((finding) => finding.state)).toEqual([state]);
});

test('a site that is not built', async () => {
  await using folder = await createTemporaryFolder({});
  expect(await examineSite(parseSettings({}), folder.path)).toMatchObject([
    { state: 'problem', advice: 'Run: npm run build' },
  ]);
});
