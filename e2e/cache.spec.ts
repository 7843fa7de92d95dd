import { request as sendRaw, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test, type Send } from './fixtures/http.ts';

type RawAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** An answer as it comes over the wire: `fetch` would decompress it. */
function getRaw(url: string, headers: Record<string, string>): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    sendRaw(url, { headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(parts),
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

async function findAssets(send: Send): Promise<string[]> {
  const html = await (await send('/')).text();
  const assets = [...html.matchAll(/(?:src|href)="(\/_astro\/[^"]+)"/g)].map(
    ([, path]) => path ?? '',
  );
  expect(assets.length).toBeGreaterThan(0);
  return assets;
}

test('assets with a hash in their name may be kept for ever', async ({ send }) => {
  for (const path of await findAssets(send)) {
    const { status, headers } = await send(path);
    expect(status, path).toBe(200);
    expect(headers.get('cache-control'), path).toBe('public, max-age=31536000, immutable');
  }
});

test('public pages may be kept and have to be asked for again', async ({ send }) => {
  for (const path of ['/', '/login', '/register', '/logout']) {
    const { headers } = await send(path);
    expect(headers.get('cache-control'), path).toBe('public, max-age=0, must-revalidate');
    expect(headers.get('vary'), path).toMatch(/cookie/i);
    expect(headers.getSetCookie(), path).toEqual([]);
  }
});

// ASVS 14.2.2, 14.3.2
test('whatever belongs to one person may be kept by nobody', async ({ send, sendAsMember }) => {
  const answers = await Promise.all([
    ...['/', '/login', '/secrets', '/secrets.json', '/dashboard', '/logout', '/nothing-here'].map(
      (path) => sendAsMember(path),
    ),
    ...['/download/cheat-sheet.pdf', '/trpc/auth.session', '/trpc/secrets.list'].map((path) =>
      sendAsMember(path),
    ),
    ...['/secrets', '/secrets.json', '/trpc/auth.session'].map((path) => send(path)),
  ]);
  for (const { url, headers } of answers) {
    expect(headers.get('cache-control'), url).toBe('private, no-store');
  }
});

test('an unchanged file is answered with 304, in each encoding', async ({ server, send }) => {
  for (const path of ['/', ...(await findAssets(send))]) {
    for (const encoding of ['br', 'gzip', 'identity']) {
      const url = server.origin + path;
      const { headers } = await getRaw(url, { 'accept-encoding': encoding });
      const etag = headers.etag ?? '';
      expect(etag, path).not.toBe('');
      const again = await getRaw(url, { 'accept-encoding': encoding, 'if-none-match': etag });
      expect(again.status, path).toBe(304);
      expect(again.body.length, `${path} ${encoding}`).toBe(0);
      const other = await getRaw(url, { 'accept-encoding': encoding, 'if-none-match': '"other"' });
      expect(other.status, path).toBe(200);
    }
  }
});

test('text comes compressed as the client can read it', async ({ server, send, sendAsMember }) => {
  const assets = await findAssets(send);
  for (const path of ['/', ...assets]) {
    const url = server.origin + path;
    const plain = await getRaw(url, { 'accept-encoding': 'identity' });
    expect(plain.headers['content-encoding'], path).toBe(undefined);
    const brotli = await getRaw(url, { 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli.headers['content-encoding'], path).toBe('br');
    expect(brotliDecompressSync(brotli.body).equals(plain.body), path).toBe(true);
    const gzip = await getRaw(url, { 'accept-encoding': 'gzip' });
    expect(gzip.headers['content-encoding'], path).toBe('gzip');
    expect(gunzipSync(gzip.body).equals(plain.body), path).toBe(true);
    for (const { headers } of [plain, brotli, gzip])
      expect(headers.vary, path).toMatch(/accept-encoding/i);
    expect(brotli.headers['content-type'], path).toBe(plain.headers['content-type']);
  }
  const forMember = await sendAsMember('/secrets', { headers: { 'accept-encoding': 'br' } });
  expect(forMember.headers.get('content-encoding')).toBe('br');
});

test('HEAD is answered as GET, without a body', async ({ send, sendAsMember }) => {
  for (const path of ['/', '/login', '/nothing-here', '/secrets', '/favicon.svg']) {
    for (const ask of [send, sendAsMember]) {
      const [get, head] = await Promise.all([ask(path), ask(path, { method: 'HEAD' })]);
      expect(head.status, path).toBe(get.status);
      expect(await head.text(), path).toBe('');
      for (const name of ['content-type', 'cache-control', 'location', 'etag']) {
        expect(head.headers.get(name), `${name} of ${path}`).toBe(get.headers.get(name));
      }
    }
  }
});

test('a part of a file can be asked for', async ({ server, send }) => {
  const [asset = ''] = await findAssets(send);
  const url = server.origin + asset;
  const whole = await getRaw(url, { 'accept-encoding': 'identity' });
  const part = await getRaw(url, { 'accept-encoding': 'identity', range: 'bytes=10-19' });
  expect(part.status).toBe(206);
  expect(part.headers['content-range']).toBe(`bytes 10-19/${whole.body.length}`);
  expect(part.body.equals(whole.body.subarray(10, 20))).toBe(true);
  const beyond = await getRaw(url, { 'accept-encoding': 'identity', range: 'bytes=99999999-' });
  expect(beyond.status).toBe(416);
});

test('members may ask for a part of a download', async ({ sendAsMember, send }) => {
  const part = await sendAsMember('/download/cheat-sheet.pdf', { headers: { range: 'bytes=0-4' } });
  expect(part.status).toBe(206);
  expect(await part.text()).toBe('%PDF-');
  expect(part.headers.get('content-type')).toBe('application/pdf');
  expect(part.headers.get('content-disposition')).toMatch(
    /^attachment; filename="?cheat-sheet\.pdf"?/,
  );
  const refused = await send('/download/cheat-sheet.pdf', { headers: { range: 'bytes=0-4' } });
  expect(refused.status).toBe(401);
});
