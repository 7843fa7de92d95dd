import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseSettings } from '../settings/settings.ts';
import { makeCertificate } from '../testing/certificate.ts';
import { startMailServer } from '../testing/mail-server.ts';
import { runAdmin } from '../testing/run-admin.ts';
import { describeMailFault, openMailServer } from './mail-server.ts';

vi.setConfig({ testTimeout: 60_000 });

const sender = { address: 'noreply@example.com' };
const mail = {
  messageId: '<x@example.com>',
  recipient: 'ada@example.com',
  subject: 'News',
  text: 'Some news.',
  html: '<p>Some news.</p>',
};
const authorities = getCACertificates('default');
afterEach(() => setDefaultCACertificates(authorities));

/** Connects by an address that does not count as this machine, as a server elsewhere would be reached. */
const elsewhere = (port: number, { scheme = 'smtp', login = '', query = '' } = {}) =>
  `${scheme}://${login}0.0.0.0:${port}${query}`;

async function sendOne(url: string) {
  const { mailPlace } = parseSettings({ SMTP_URL: url, MAIL_FROM: sender.address });
  if (mailPlace === undefined || mailPlace === 'dev-page') throw new Error('There is no server.');
  using connection = await openMailServer(mailPlace, sender);
  return [connection.isEncrypted, await connection.send(mail)];
}

const isSent = { outcome: 'sent' };
const catchFault = (url: string) => sendOne(url).then(() => 'It was sent.', describeMailFault);

type Listened = { passwords: string[]; isEncrypted: boolean[] };

/** A server that tells what it hears; `disabledCommands` without STARTTLS offers it. */
async function startListening(options: SMTPServerOptions) {
  const heard: Listened = { passwords: [], isEncrypted: [] };
  const server = await startMailServer({
    disabledCommands: [],
    allowInsecureAuth: true,
    onAuth({ password }, _session, done) {
      heard.passwords.push(password ?? '');
      done(null, { user: 'ada' });
    },
    onMailFrom(_address, session, done) {
      heard.isEncrypted.push(session.secure);
      done();
    },
    ...options,
  });
  return Object.assign(server, { heard });
}

describe('a mail server with a certificate that is trusted', () => {
  test.each([
    ['smtps', { secure: true }],
    ['smtp', {}],
  ])('is used by %s:// with TLS, and gets the password in it', async (scheme, options) => {
    await using certificate = await makeCertificate();
    setDefaultCACertificates([...authorities, certificate.cert]);
    await using server = await startListening({ ...certificate, ...options });
    const url = elsewhere(server.port, { scheme, login: 'ada:hunter2@' });
    expect(await sendOne(url)).toEqual([true, isSent]);
    expect(server.heard).toEqual({ passwords: ['hunter2'], isEncrypted: [true] });
    expect(server.mails).toHaveLength(1);
  });

  test('is found by doctor with NODE_EXTRA_CA_CERTS, and named without', async () => {
    await using certificate = await makeCertificate();
    await using server = await startListening({ ...certificate, secure: true });
    const SMTP_URL = elsewhere(server.port, { scheme: 'smtps' });
    const env = { SMTP_URL, MAIL_FROM: sender.address };
    const trusting = { ...env, NODE_EXTRA_CA_CERTS: certificate.certFile };
    expect((await runAdmin(trusting, 'doctor')).stdout).toContain(
      'answers (TLS, no log-in needed)',
    );
    const { stdout } = await runAdmin(env, 'doctor');
    expect(stdout).toContain('The certificate of the mail server is not trusted.');
    expect(stdout).toContain('NODE_EXTRA_CA_CERTS');
  });
});

describe('nothing goes', () => {
  test.each([
    ['smtps', { secure: true }],
    ['smtp', {}],
  ])('by %s:// to a server whose certificate is not trusted', async (scheme, options) => {
    await using certificate = await makeCertificate();
    await using server = await startListening({ ...certificate, ...options });
    const url = elsewhere(server.port, { scheme, login: 'ada:hunter2@' });
    expect(await catchFault(url)).toMatch(/^The certificate of the mail server is not trusted\./);
    expect(server.heard).toEqual({ passwords: [], isEncrypted: [] });
  });

  test.each(['', '?tls=optional'])(
    'where the offer of TLS is taken out on the way, no password: %s',
    async (query) => {
      await using server = await startListening({ disabledCommands: ['STARTTLS'] });
      const fault = await catchFault(elsewhere(server.port, { login: 'ada:hunter2@', query }));
      expect(fault).toMatch(
        /^The mail server does not begin TLS, and nothing is sent without it\./,
      );
      expect(server.heard).toEqual({ passwords: [], isEncrypted: [] });
    },
  );

  test('and no mail either, but where tls=optional says so', async () => {
    await using server = await startListening({ disabledCommands: ['STARTTLS'] });
    expect(await catchFault(elsewhere(server.port))).toContain('does not begin TLS');
    expect(server.heard.isEncrypted).toEqual([]);
    const url = elsewhere(server.port, { query: '?tls=optional' });
    expect(await sendOne(url)).toEqual([false, isSent]);
  });

  test('with a password that the server refuses', async () => {
    await using certificate = await makeCertificate();
    setDefaultCACertificates([...authorities, certificate.cert]);
    await using server = await startListening({
      ...certificate,
      onAuth: (_auth, _session, done) => done(new Error('Wrong password')),
    });
    const fault = await catchFault(elsewhere(server.port, { login: 'ada:hunter2@' }));
    expect(fault).toMatch(/^535/);
    expect(fault).not.toContain('hunter2');
    expect(server.mails).toEqual([]);
  });
});
