import { describe, expect, test } from 'vitest';
import { listBuiltFiles } from '../testing/site-files.ts';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';

const link = '<a href="/operator">For operators</a>';

describe('the way to the operator’s pages', () => {
  test.each([
    ['who has the role', { roles: ['operator'] }, true],
    [
      'who has it until a day to come',
      { roleEnds: { operator: '2999-01-01T00:00:00.000Z' } },
      true,
    ],
    ['who had it', { roleEnds: { operator: '2020-01-01T00:00:00.000Z' } }, false],
    ['who has other roles', { roles: ['member', 'operators'] }, false],
    ['who has none', { roles: [] }, false],
  ])('for %s is on the dashboard: %j %s', async (_who, values, isThere) => {
    await using server = await startTestServer('sqlite');
    const { browser, user } = await signUp(server);
    await server.database.User.update(values, { where: { id: user.id } });
    for (const path of ['/dashboard', '/secrets', '/']) {
      const html = await (await browser.visit(path)).text();
      const isHere = isThere && path === '/dashboard';
      expect(html.includes(link), path).toBe(isHere);
      if (!isHere) expect(html).not.toMatch(/\/operator|For operators/);
    }
  });

  test('is in no file that everybody may have', () => {
    const open = listBuiltFiles().filter(({ isPublic }) => isPublic);
    expect(open.length).toBeGreaterThan(20);
    const telling = open.filter(({ bytes }) => /\/operator|For operators/.test(bytes.toString()));
    expect(telling.map(({ fileName }) => fileName)).toEqual([]);
  });
});
