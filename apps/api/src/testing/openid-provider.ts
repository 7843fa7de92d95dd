import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import type { Browser } from './browser.ts';

/** What the provider says of one of its accounts, by the account's id. */
export type ProviderAccounts = Record<string, Record<string, unknown>>;

const returnAddress = 'http://localhost:3000/oidc/callback';
const client = { id: 'latchkey', secret: 'a secret of the provider' };

/**
 * A real OpenID provider on a free port of this machine, which asks nobody for a password. Take it with
 * `await using`.
 *
 * @param accounts they may change while it runs
 */
export async function startOpenidProvider(accounts: ProviderAccounts) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      { client_id: client.id, client_secret: client.secret, redirect_uris: [returnAddress] },
    ],
    scopes: ['openid', 'email', 'profile', 'groups'],
    claims: { email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['a key of the provider'] },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, ...accounts[accountId] }),
    }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
    void provider.interactionDetails(request, response).then(({ params }) =>
      provider.interactionFinished(request, response, {
        login: { accountId: String(params['login_hint']) },
      }),
    );
  });

  /** Goes where the site sent a browser, logs in as `account`, and returns the way back to the site. */
  async function logIn(address: string, account: string, jar = new Map<string, string>()) {
    let next = `${address}&${new URLSearchParams({ login_hint: account }).toString()}`;
    for (let step = 0; step < 10 && !next.startsWith(returnAddress); step += 1) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(next, { redirect: 'manual', headers: { cookie } });
      for (const text of response.headers.getSetCookie()) {
        const [name = '', value = ''] = text.split(';', 1)[0]?.split('=') ?? [];
        jar.set(name, value);
      }
      next = new URL(response.headers.get('location') ?? '', next).href;
    }
    return next.slice(next.indexOf('/', 'http://'.length));
  }

  return {
    issuer,
    settings: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: client.id,
      OIDC_CLIENT_SECRET: client.secret,
      OIDC_LABEL: 'Example',
    },
    logIn,
    /** Logs a browser in to the site from the button to the end, and returns where that led. */
    async logInTo(browser: Browser, account: string, start = '/oidc/start') {
      const { headers } = await browser.visit(start);
      const back = await logIn(headers.get('location') ?? '', account);
      return browser.visit(back);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
