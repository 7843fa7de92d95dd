import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { requirePages, listMissing } from './require-pages.ts';

const pages = [
  ...['index', 'login', 'register', 'logout', 'forgot-password', 'reset-password'],
  ...['second-factor', 'secure-account'],
  ...['check-email', 'confirm-email', 'undo-email'],
  ...['dashboard', 'dashboard/second-factor', 'dashboard/other-service', 'members'],
  ...['operator', 'operator/person', 'operator/proof', 'operator/health', 'operator/figures'],
  ...['operator/invitations', 'operator/log', 'operator/mail'],
];
const names = pages.map((name) => `${name}.html`);
const isPublic = (path: string) => !path.startsWith('/members');

async function find(fileNames: string[], options = {}): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-pages-'));
  for (const name of fileNames) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), '');
  }
  const missing = listMissing(folder, { landingPath: '/members', isPublic, ...options });
  await rm(folder, { recursive: true });
  return missing;
}

test('a site with all that people are sent to lacks nothing', async () => {
  expect(await find(names)).toEqual([]);
});

test.each(['/', '/members?tab=1#top', '/rooms', '/plan.pdf', '/download/plan.pdf', '/b%C3%BCro'])(
  'people may land on %s',
  async (landingPath) => {
    const files = [...names, 'rooms/index.html', 'plan.pdf', 'büro.html'];
    expect(await find(files, { landingPath })).toEqual([]);
  },
);

test('a page where people land that is not there is named with the file to change', async () => {
  const [sentence] = await find(names, { landingPath: '/nowhere' });
  expect(sentence).toContain('after they log in, and there is no such page');
  expect(sentence).toContain('LANDING_PATH in packages/shared/src/site.ts');
});

test('whatever else is missing is named at once', async () => {
  const rest = names.filter((name) => !['index.html', 'login.html'].includes(name));
  expect(await find(rest)).toEqual([
    'There is no start page. Write src/pages/index.astro.',
    'There is no page /login. Bring src/pages/login.astro back.',
  ]);
});

test('a list of public paths without the log-in or the styles is refused', async () => {
  expect(await find(names, { isPublic: () => false })).toEqual([
    "Nobody could log in: write '/login': 'public' in packages/shared/src/access-rules.ts again.",
    "Nobody could log in: write '/_astro/*': 'public' in packages/shared/src/access-rules.ts again.",
  ]);
});

/** What Astro hands to the hooks, as far as they take it. */
type Hook = (given: object) => void;

test('while one writes, a missing page where people land is a warning', () => {
  const warnings: string[] = [];
  const hooks = requirePages().hooks as unknown as Record<string, Hook>; // They take no more of what Astro hands to them.
  const logger = { warn: (text: string) => void warnings.push(text) };
  hooks['astro:config:setup']?.({ config: { publicDir: new URL('public/', import.meta.url) } });
  hooks['astro:routes:resolved']?.({ routes: [], logger });
  expect(warnings).toEqual([expect.stringContaining('Write it, or change LANDING_PATH')]);
  hooks['astro:routes:resolved']?.({ routes: [{ patternRegex: /./ }], logger });
  expect(warnings).toHaveLength(1);
});
