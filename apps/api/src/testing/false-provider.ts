import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const toBase64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const makeKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
type Keys = ReturnType<typeof makeKeys>;

type Token = {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  /** Signs with another key than the provider shows. */
  key?: KeyObject;
  /** Signs with a text, as HS256 does. */
  secret?: string;
  isUnsigned?: boolean;
};

/**
 * Something that speaks like an OpenID provider and lies as a test wants, on a free port of this machine.
 * Take it with `await using`.
 */
export async function startFalseProvider(overrides: Record<string, unknown> = {}) {
  const tokens = new Map<string, Token>();
  const asked: string[] = [];
  const state = { keys: makeKeys(), keyId: 'one' };
  /** Path → what it answers in the place of what a provider does. */
  const answers = new Map<string, (response: ServerResponse) => void>();

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const own = answers.get(path);
    if (own) return own(response);
    const send = (value: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (path === '/.well-known/openid-configuration') return send(metadata);
    if (path === '/keys') return send({ keys: [showKey(state)] });
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const code = new URLSearchParams(body).get('code') ?? '';
      const token = tokens.get(code);
      tokens.delete(code);
      response.statusCode = token ? 200 : 400;
      if (!token) return void send({ error: 'invalid_grant' });
      send({ access_token: 'of the provider', token_type: 'Bearer', id_token: write(token) });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
    authorization_response_iss_parameter_supported: true,
    ...overrides,
  };

  function write({ claims, header, key, secret, isUnsigned }: Token): string {
    const now = Math.floor(Date.now() / 1000);
    const head = { alg: 'RS256', kid: state.keyId, ...header };
    const body = { iss: issuer, aud: 'latchkey', iat: now, exp: now + 60, ...claims };
    const text = `${toBase64(head)}.${toBase64(body)}`;
    if (isUnsigned) return `${text}.`;
    const bytes = secret
      ? createHmac('sha256', secret).update(text).digest()
      : sign('sha256', Buffer.from(text), key ?? state.keys.privateKey);
    return `${text}.${bytes.toString('base64url')}`;
  }

  return {
    issuer,
    asked,
    answers,
    state,
    settings: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: 'latchkey',
      OIDC_CLIENT_SECRET: 'a secret of the provider',
      OIDC_LABEL: 'Example',
    },
    /** The public key as text, which anybody can have. */
    publicKey: () => state.keys.publicKey.export({ format: 'pem', type: 'spki' }),
    /** Signs with another key from now on, and shows that one alone. */
    changeKeys(): void {
      Object.assign(state, { keys: makeKeys(), keyId: randomUUID() });
    },
    /** A code that is changed for this token, once. */
    issueCode(token: Token): string {
      const code = randomUUID();
      tokens.set(code, token);
      return code;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type FalseProvider = Awaited<ReturnType<typeof startFalseProvider>>;

const showKey = ({ keys, keyId }: { keys: Keys; keyId: string }) => ({
  ...keys.publicKey.export({ format: 'jwk' }),
  kid: keyId,
  use: 'sig',
  alg: 'RS256',
});
