import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { setUpApp } from '../testing/authenticator-app.ts';
import { signUp } from '../testing/people.ts';
import { catchRefusal, startTestServer } from '../testing/test-server.ts';

const closed = ['/secrets', '/download/cheat-sheet.pdf', '/blog/how-a-session-ends'];

describe.each(dialects)('REQUIRE_SECOND_FACTOR on %s', (dialect) => {
  // ASVS 6.3.3
  test.each(['all', 'editor, staff'])(
    'set to %j opens the account alone until one is set up',
    async (demand) => {
      await using server = await startTestServer(dialect, { REQUIRE_SECOND_FACTOR: demand });
      const { client, browser, user } = await signUp(server);
      await server.database.User.update({ roles: ['staff'] }, { where: { id: user.id } });
      for (const path of closed) {
        const answer = await browser.visit(path);
        expect([answer.status, answer.headers.get('location')], path).toEqual([
          302,
          '/dashboard/second-factor#factor-required',
        ]);
        expect(answer.headers.get('cache-control'), path).toBe('private, no-store');
      }
      const required = { httpStatus: 403, reason: 'factor-required' };
      expect(await catchRefusal(client.secrets.list.query())).toMatchObject(required);
      const article = { slug: 'how-a-session-ends' };
      expect(await catchRefusal(client.articles.read.mutate(article))).toMatchObject(required);
      expect((await browser.visit('/dashboard')).status).toBe(200);
      expect((await browser.visit('/')).status).toBe(200);
      await client.sessions.list.query();
      await client.activity.list.query();
      await client.account.update.mutate({ name: 'Zoë' });
      await setUpApp(client);
      for (const path of closed) expect((await browser.visit(path)).status, path).toBe(200);
      await client.secrets.list.query();
      await client.auth.logout.mutate();
    },
  );

  test('asks nothing of those without its roles, and nothing when it is not set', async () => {
    for (const env of [{ REQUIRE_SECOND_FACTOR: 'staff' }, { REQUIRE_SECOND_FACTOR: 'none' }, {}]) {
      await using server = await startTestServer(dialect, env);
      const { client, browser } = await signUp(server);
      expect((await browser.visit('/secrets')).status, JSON.stringify(env)).toBe(200);
      await client.secrets.list.query();
    }
  });
});
