/**
 * Codes of mailed links, log-ins that wait for a second factor, and passkeys, all of them valid and then
 * spoiled by fast-check: none opens anything or breaks the server, an answer tells nothing of accounts,
 * and what is valid works after all of it. FUZZ_RUNS and FUZZ_SEED are as in hostile-requests.test.ts.
 */
import { findLinkCode } from '@latchkey/shared';
import { dialects } from '@latchkey/db/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { giveCode } from './email-links/email-link.ts';
import { NOTICE_MAIL } from './notices/notice-event.ts';
import { createSecureLink } from './secure-account/secure-link.ts';
import { setUpApp } from './testing/authenticator-app.ts';
import type { Browser } from './testing/browser.ts';
import { mailOn } from './testing/mailed.ts';
import { addPasskey, openDevice, usePasskey, type Device } from './testing/passkey-device.ts';
import { makePerson, signUp } from './testing/people.ts';
import { createResetLink } from './testing/reset-link.ts';
import { createClient, startTestServer, type TestServer } from './testing/test-server.ts';
import { generateToken } from './tokens/secret-token.ts';

const runs = {
  numRuns: Number(process.env['FUZZ_RUNS'] ?? 80),
  seed: Number(process.env['FUZZ_SEED'] ?? 20_261_127),
  endOnFailure: true,
};
const origin = 'http://localhost:3000';
const nothingOfOurs = /node_modules|Sequelize|SQLITE_|\bSELECT\b|\bINSERT\b|\.ts:\d/;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const newPassword = 'another quiet lantern';

const openClient = (server: TestServer) => createClient(server.openBrowser());

async function post(browser: Browser, path: string, body: string, type = 'application/json') {
  const headers = { 'content-type': type, accept: 'text/html' };
  const answer = await browser.fetch(path, { method: 'POST', headers, body });
  const text = await answer.text();
  expect(answer.status).toBeGreaterThanOrEqual(200);
  expect(answer.status).toBeLessThan(500);
  expect(text).not.toMatch(nothingOfOurs);
  return { status: answer.status, location: answer.headers.get('location'), text };
}

const isSignedIn = async (browser: Browser) =>
  (await createClient(browser).auth.session.query()) !== null;

/** A place of the text, and what becomes of it there. */
const spoiling = fc.tuple(
  fc.constantFrom('cut', 'changed', 'doubled', 'cased', 'swapped', 'foreign'),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  fc.nat({ max: alphabet.length - 1 }).map((index) => alphabet.charAt(index)),
);
type Spoiling = typeof spoiling extends fc.Arbitrary<infer Value> ? Value : never;

function spoil(text: string, [how, where, character]: Spoiling): string {
  const at = Math.floor(where * text.length);
  if (how === 'cut') return text.slice(0, at);
  if (how === 'changed') return text.slice(0, at) + character + text.slice(at + 1);
  if (how === 'doubled') return text.slice(0, at) + text;
  if (how === 'cased') return text.toLowerCase();
  if (how === 'foreign') return `${text.slice(0, at)}\u{1F511}${text.slice(at)}`;
  return text.slice(at) + text.slice(0, at);
}

/** What each kind of link is for: its procedure, and its page. */
const uses = {
  registration: ['confirmEmail', '/confirm-email'],
  change: ['confirmEmail', '/confirm-email'],
  undo: ['undoEmailChange', '/undo-email'],
  secure: ['secureAccount', '/secure-account'],
  reset: ['resetPassword', '/reset-password'],
  used: ['resetPassword', '/reset-password'],
} as const;
type Kind = keyof typeof uses;
const kinds = Object.keys(uses) as Kind[];

/** A link of each kind, each of somebody else. */
async function makeCodes(server: TestServer) {
  const { database } = server;
  const takeCode = async (email: string, purpose: string) => {
    const link = await database.EmailLink.findOne({
      where: { email, purpose },
      rejectOnEmpty: true,
    });
    return giveCode(link);
  };
  const [newcomer, changed, wanted] = [makePerson(), makePerson(), makePerson()];
  const [mover, undoer, told, forgetful] = [
    await signUp(server),
    await signUp(server),
    await signUp(server),
    await signUp(server),
  ];
  await openClient(server).auth.register.mutate(newcomer);
  await mover.client.account.changeEmail.mutate({ email: wanted.email });
  await undoer.client.account.changeEmail.mutate({ email: changed.email });
  const done = await takeCode(changed.email, 'new-email');
  await openClient(server).auth.confirmEmail.mutate({ token: done });
  const { email, password } = told.person;
  await openClient(server).auth.login.mutate({ identifier: email, password });
  const mail = await database.Mail.findOne({
    where: { kind: NOTICE_MAIL, userId: told.user.id },
    rejectOnEmpty: true,
  });
  const used = await createResetLink(server, forgetful.user.id);
  await openClient(server).auth.resetPassword.mutate({ token: used, newPassword });
  const codes: Record<Kind, string> = {
    registration: await takeCode(newcomer.email, 'registration'),
    change: await takeCode(wanted.email, 'new-email'),
    undo: await takeCode(undoer.person.email, 'undo-email'),
    secure: await database.sequelize.transaction((transaction) =>
      createSecureLink(database, { mail, userId: told.user.id, email }, transaction),
    ),
    reset: await createResetLink(server, forgetful.user.id),
    used,
  };
  const people = [newcomer, changed, wanted, ...[mover, undoer, told].map(({ person }) => person)];
  return { codes, people };
}

describe.each(dialects)('on %s,', (dialect) => {
  // ASVS 6.3.8, 6.5.1, 6.6.2
  test('no spoiled code of a link does anything, and each valid one still works', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { codes, people } = await makeCodes(server);
    const kind = fc.constantFrom(...kinds);
    await fc.assert(
      fc.asyncProperty(kind, kind, fc.option(spoiling), async (from, to, how) => {
        const [procedure, page] = uses[to];
        const code = how ? spoil(codes[from], how) : codes[from];
        // Its own door opens it, with whatever stands around it.
        const isOwn = uses[from][0] === procedure && from !== 'used';
        fc.pre(!isOwn || (findLinkCode(code) ?? code) !== codes[from]);
        const ask = async (token: string) => {
          const json = JSON.stringify({ token, newPassword });
          const form = new URLSearchParams({ token, newPassword }).toString();
          const urlEncoded = 'application/x-www-form-urlencoded';
          return [
            await post(server.openBrowser(), `/trpc/auth.${procedure}`, json),
            await post(server.openBrowser(), page, form, urlEncoded),
          ];
        };
        const answers = await ask(code);
        const [called, posted] = answers;
        expect(called?.status).toBeGreaterThanOrEqual(400);
        // A form is sent back to its own page.
        if (posted?.location) expect(new URL(posted.location, origin).pathname).toBe(page);
        for (const { text } of answers) {
          for (const { email, name } of people) {
            expect(text).not.toContain(email);
            expect(text).not.toContain(name);
          }
        }
        // A code that somebody has or had is answered like one that nobody had.
        if (code.length === 43 && /^[\w-]+$/.test(code)) {
          expect(answers).toEqual(await ask(generateToken()));
        }
      }),
      runs,
    );
    const { auth } = openClient(server);
    await auth.undoEmailChange.mutate({ token: codes.undo });
    await auth.secureAccount.mutate({ token: codes.secure });
    await auth.resetPassword.mutate({ token: codes.reset, newPassword });
    expect(await auth.confirmEmail.mutate({ token: codes.change })).toEqual({});
    const { user } = await auth.confirmEmail.mutate({ token: codes.registration });
    expect(user?.email).toBe(people[0]?.email);
  });

  // ASVS 6.6.2
  test('a right code opens no spoiled log-in that waits, and its own still', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server);
    const app = await setUpApp(client);
    const waiting = server.openBrowser();
    const login = { identifier: person.email, password: person.password };
    await createClient(waiting).auth.login.mutate(login);
    expect(await isSignedIn(waiting)).toBe(false);
    const [[name, token] = []] = [...waiting.cookies].filter(([own]) => own.includes('pending'));
    if (!name || !token) throw new Error('No cookie of a log-in that waits.');
    await fc.assert(
      fc.asyncProperty(spoiling, async (how) => {
        const spoiled = encodeURIComponent(spoil(token, how));
        fc.pre(spoiled !== token);
        const stranger = server.openBrowser();
        const code = app.showCode();
        const sent = [
          ['/trpc/auth.secondFactor', JSON.stringify({ code }), 'application/json'],
          ['/second-factor', `code=${code}`, 'application/x-www-form-urlencoded'],
        ] as const;
        for (const [path, body, type] of sent) {
          stranger.cookies.set(name, spoiled);
          const answer = await post(stranger, path, body, type);
          expect(answer.text).not.toContain(person.email);
          expect(await isSignedIn(stranger)).toBe(false);
        }
      }),
      runs,
    );
    await createClient(waiting).auth.secondFactor.mutate({ code: app.showCode() });
    expect(await isSignedIn(waiting)).toBe(true);
  });

  // ASVS 6.7.2
  test('a passkey with any byte changed logs nobody in, and the true one still does', async () => {
    await using server = await startTestServer(dialect);
    const decode = (field: string) => Buffer.from(field, 'base64url').toString('hex');
    type Signed = ReturnType<Device['sign']>;
    const name = (signed: Signed) => {
      const { clientDataJSON, authenticatorData, signature } = signed.response;
      return [signed.id, ...[clientDataJSON, authenticatorData, signature].map(decode)];
    };
    const field = fc.constantFrom('clientDataJSON', 'authenticatorData', 'signature', 'userHandle');
    const byte = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.option(field), byte, spoiling, async (part, [at, bits], how) => {
        // Somebody new each time: failures are counted.
        const { person, client } = await signUp(server);
        const device = openDevice(origin);
        await addPasskey(client, device);
        const stranger = server.openBrowser();
        const options = await createClient(stranger).passkeys.startLogin.mutate();
        const signed = device.sign(options);
        const whole = structuredClone(signed);
        let body = JSON.stringify({ response: signed });
        if (part) {
          const bytes = Buffer.from(signed.response[part], 'base64url');
          const place = at % bytes.length;
          bytes.writeUInt8(bytes.readUInt8(place) ^ bits, place);
          signed.response[part] = bytes.toString('base64url');
          body = JSON.stringify({ response: signed });
        } else body = spoil(body, how);
        const answer = await post(stranger, '/trpc/passkeys.finishLogin', body);
        const isIn = await isSignedIn(stranger);
        if (part) expect(isIn).toBe(false);
        if (!isIn) {
          expect(answer.text).not.toContain(person.email);
          expect(await usePasskey(openClient(server), device)).toHaveProperty('user');
          return;
        }
        // What was changed was not of the proof: spelling, or what the site does not ask for.
        const { response } = JSON.parse(body) as { response: Signed };
        expect(name(response)).toEqual(name(whole));
      }),
      runs,
    );
  });

  test('a new passkey with any byte changed is answered, and breaks no account', async () => {
    await using server = await startTestServer(dialect);
    const bystander = await signUp(server);
    const kept = openDevice(origin);
    await addPasskey(bystander.client, kept);
    const field = fc.constantFrom('clientDataJSON', 'attestationObject');
    const byte = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(field, byte, async (part, [at, bits]) => {
        // Somebody new each time: passkeys are counted.
        const { client, browser } = await signUp(server);
        const options = await client.passkeys.startRegistration.mutate();
        const made = openDevice(origin).create(options);
        const bytes = Buffer.from(made.response[part], 'base64url');
        const place = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(place) ^ bits, place);
        made.response[part] = bytes.toString('base64url');
        const body = JSON.stringify({ response: made, name: 'New' });
        await post(browser, '/trpc/passkeys.finishRegistration', body);
        expect(await isSignedIn(browser)).toBe(true);
      }),
      { ...runs, numRuns: Math.ceil(runs.numRuns / 2) },
    );
    expect(await usePasskey(openClient(server), kept)).toMatchObject({
      user: { email: bystander.person.email },
    });
  });
});
