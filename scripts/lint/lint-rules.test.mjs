// @ts-check
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';

import { ESLint } from 'eslint';

import { root } from '../workspace.mjs';

const direction = 'latchkey/import-directions';
const order = 'latchkey/room-order';
const component = (/** @type {string} */ code) => `---\n${code}\n---\n\n<p>text</p>\n`;
const pageScript = (/** @type {string} */ code) => `<script>\n  ${code}\n</script>\n`;
const use = '\nexport const used = x;\n';

// The names of real files, because rules that know types lint nothing else.
const shared = 'packages/shared/src/index.ts';
const sharedTest = 'packages/shared/src/next-path.test.ts';
const db = 'packages/db/src/index.ts';
const api = 'apps/api/src/server.ts';
const feature = 'apps/api/src/auth/router.ts';
const noun = 'apps/api/src/sessions/session.ts';
const apiTest = 'apps/api/src/sessions/session.test.ts';
const settings = 'apps/api/src/settings/settings.ts';
const web = 'apps/web/src/lib/trpc.ts';
const page = 'apps/web/src/pages/login.astro';
const script = 'scripts/set-up.mjs';

/** @type {[place: string, code: string, rule: string][]} */
const forbidden = [
  [shared, `import x from 'node:path';${use}`, direction],
  [shared, `import x from 'path';${use}`, direction],
  [shared, `import x from 'cookie';${use}`, direction],
  [shared, `import { x } from '@latchkey/db';${use}`, direction],
  [shared, `export * from '@latchkey/db';\n`, direction],
  [shared, `export { x } from '../../db/src/index.ts';\n`, direction],
  [db, `import { x } from '@latchkey/api/router';${use}`, direction],
  [
    db,
    `import type { AppRouter } from '@latchkey/api/router';\nexport type Used = AppRouter;\n`,
    direction,
  ],
  [api, `import { x } from '@latchkey/web';${use}`, direction],
  [api, `import { x } from '../../web/src/lib/trpc.ts';${use}`, direction],
  [api, `export const x = await import('../../../packages/db/src/index.ts');\n`, direction],
  [feature, `import { x } from '../site/gate.ts';${use}`, order],
  [feature, `import { x } from '../account/router.ts';${use}`, order],
  [feature, `import { x } from '../server.ts';${use}`, order],
  [feature, `import { x } from '../testing/people.ts';${use}`, order],
  [feature, `import type { Door } from '../feed/feed-door.ts';\nexport type Used = Door;\n`, order],
  [feature, `export * from '../site/gate.ts';\n`, order],
  [feature, `export type X = import('../site/gate.ts').X;\n`, order],
  [noun, `import { x } from '../http/session-cookies.ts';${use}`, order],
  [noun, `import { x } from 'fastify';${use}`, order],
  [noun, `import { x } from '@trpc/server';${use}`, order],
  [settings, `import { x } from '../process/log.ts';${use}`, order],
  ['apps/api/src/server.ts', `import { x } from './main.ts';${use}`, order],
  [web, `import { x } from '@latchkey/db';${use}`, direction],
  [web, `import { x } from '@latchkey/api/router';${use}`, direction],
  [web, `export const x = await import('@latchkey/api/router');\n`, direction],
  [web, `export type X = import('@latchkey/db').Database;\n`, direction],
  [page, component(`import { x } from '@latchkey/db';`), direction],
  [page, component(`import { x } from '@latchkey/api/router';`), direction],
  [page, component(`import { x } from '../../../api/src/trpc/router.ts';`), direction],
  [page, pageScript(`import '@latchkey/db';`), direction],
  [page, pageScript(`import '../../../api/src/trpc/router.ts';`), direction],
  ['e2e/playwright.config.ts', `import { x } from '@latchkey/shared';${use}`, direction],
  [
    'e2e/playwright.config.ts',
    `import { x } from '../packages/shared/src/index.ts';${use}`,
    direction,
  ],
  ['bench/run.ts', `import { x } from '../apps/api/src/server.ts';${use}`, direction],
  [script, `import '@latchkey/shared';\n`, direction],
  [api, `export const x = process.env['HOME'];\n`, 'no-restricted-properties'],
  [
    api,
    `import { env } from 'node:process';\nexport const x = env['HOME'];\n`,
    'no-restricted-imports',
  ],
  [page, component(`const x = process.env['HOME'];`), 'no-restricted-properties'],
  [db, `async function f(): Promise<void> {}\nf();\n`, '@typescript-eslint/no-floating-promises'],
  [page, component(`async function f() {}\nf();`), '@typescript-eslint/no-floating-promises'],
  [page, pageScript(`document.title = 'x';`), 'no-restricted-syntax'],
  [
    db,
    `export function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n`,
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  [
    db,
    `import { x } from '@latchkey/shared';\nexport type X = typeof x;\n`,
    '@typescript-eslint/consistent-type-imports',
  ],
];

/** @type {[place: string, code: string][]} */
const allowed = [
  [shared, `import { z } from 'zod';\nimport * as mini from 'zod/mini';\n`],
  [sharedTest, `import { test } from 'vitest';\nimport path from 'node:path';\n`],
  [db, `import { x } from '@latchkey/shared';\nimport path from 'node:path';\n`],
  [api, `import { x } from '@latchkey/shared';\nimport { y } from '@latchkey/db';\n`],
  [api, `import { y } from '@latchkey/db/testing';\nimport { z } from './auth/router.ts';\n`],
  [feature, `import { x } from '../sessions/session.ts';\nimport { y } from './log-in-user.ts';\n`],
  [apiTest, `import { x } from '../testing/people.ts';\nimport { y } from '../site/gate.ts';\n`],
  [settings, `export const x = process.env['HOME'];\n`],
  [web, `import type { AppRouter } from '@latchkey/api/router';\n`],
  [page, component(`import Base from '../layouts/Base.astro';`)],
  [page, component(`import type { AppRouter } from '@latchkey/api/router';`)],
  [page, pageScript(`import '../lib/page.ts';`)],
];

const restrictions = [
  direction,
  order,
  'no-restricted-properties',
  'no-restricted-imports',
  'no-restricted-syntax',
];
const eslint = new ESLint({ cwd: root });

for (const [place, code, rule] of forbidden) {
  test(`${place} may not hold: ${inOneLine(code)}`, async () => {
    const rules = await brokenRules(place, code);
    assert.ok(rules.includes(rule), `${rule} is not among: ${rules.join(', ')}`);
  });
}

for (const [place, code] of allowed) {
  test(`${place} may hold: ${inOneLine(code)}`, async () => {
    const rules = await brokenRules(place, code);
    assert.deepEqual(
      rules.filter((rule) => restrictions.includes(rule) || rule === 'parsing'),
      [],
    );
  });
}

/**
 * @param {string} place
 * @param {string} code
 */
async function brokenRules(place, code) {
  const [result] = await eslint.lintText(code, { filePath: path.join(root, place) });
  assert.ok(result, `${place} is not linted`);
  return result.messages.map(({ ruleId, message }) => ruleId ?? `parsing: ${message}`);
}

/** @param {string} code */
function inOneLine(code) {
  return code.trim().replaceAll(/\s+/g, ' ').slice(0, 90);
}
