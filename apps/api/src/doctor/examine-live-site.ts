import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { nameCookie, SIGN_IN_HINT_COOKIE } from '@latchkey/shared';
import type { Settings } from '../settings/settings.ts';
import { askLiveSite, type LiveAnswer } from './ask-live-site.ts';
import {
  examineClosed,
  examineHint,
  examineLogIn,
  examineNothing,
  examinePlainHttp,
  examineStoring,
} from './examine-live-answers.ts';
import { examineLiveHeaders } from './examine-live-headers.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

const publicPage = '/login';
const membersPage = '/dashboard';
/** Where a proxy would find the file of the members' page if it served the built site itself. */
const membersFiles = [`${membersPage}.html`, `${membersPage}/index.html`];

/**
 * Asks the running site at PUBLIC_URL, as a stranger out there does, and compares what comes with what
 * the server sends: what stands in front may strip, add and keep. Each question ends within seconds.
 *
 * @param plainOrigin where plain http would answer
 */
export async function examineLiveSite(
  settings: Settings,
  plainOrigin = settings.publicOrigin.replace(/^https:(\/\/.+?)(:\d+)?$/, 'http:$1'),
): Promise<Finding[]> {
  const { publicOrigin, isHttps } = settings;
  let first: LiveAnswer;
  try {
    first = await askLiveSite(publicOrigin, publicPage);
  } catch (error) {
    return [explainSilence(publicOrigin, error)];
  }
  if (first.status !== 200) {
    const advice = 'See whether the server runs, and whether the proxy leads to it.';
    const detail = `${publicOrigin}${publicPage} is answered with ${first.status}`;
    return [problem('live site', detail, advice)];
  }
  try {
    const findings = await examineAnswers(settings, first);
    const plain = isHttps ? await askPlain(plainOrigin) : [];
    const redirect = isHttps ? examinePlainHttp(publicOrigin, plain[0] ?? null) : [];
    if (findings.length > 0) return [...findings, ...redirect];
    return [ok('live site', `${publicOrigin} sends what the server sends`), ...redirect];
  } catch (error) {
    return [explainSilence(publicOrigin, error)];
  }
}

async function examineAnswers(settings: Settings, login: LiveAnswer): Promise<Finding[]> {
  const { publicOrigin } = settings;
  const ask = (path: string, cookie?: string) =>
    askLiveSite(publicOrigin, path, cookie === undefined ? {} : { cookie });
  const unknown = `latchkey-doctor-${randomBytes(6).toString('hex')}`;
  const download = await findSomeDownload(settings);
  const [page, session, nothing, asset, files, downloads] = await Promise.all([
    ask(membersPage),
    ask('/trpc/auth.session'),
    ask(`/${unknown}`),
    ask(`/_astro/${unknown}.js`),
    Promise.all(membersFiles.map((path) => ask(path))),
    Promise.all(download.map((path) => ask(path))),
  ]);
  // After the same without a cookie, so that a cache would have that one.
  const hint = `${nameCookie(SIGN_IN_HINT_COOKIE, new URL(publicOrigin))}=1`;
  const hinted = await ask(membersPage, hint);
  // A site that was built elsewhere has a policy of its own.
  const ownPages = settings.siteDir === undefined ? [nothing] : [];
  return [
    ...examineClosed(page, 302),
    ...examineLogIn(page, publicOrigin),
    ...files.flatMap((answer) => examineClosed(answer, 301)),
    ...downloads.flatMap((answer) => examineClosed(answer, 401)),
    ...[nothing, asset].flatMap((answer) => examineNothing(answer)),
    ...[page, session, ...downloads].flatMap((answer) => examineStoring(answer)),
    ...examineHint(settings, hinted),
    ...examineLiveHeaders(settings, [
      ...[login, ...ownPages].map((answer) => ({ answer, isPage: true })),
      ...[page, session, ...downloads].map((answer) => ({ answer, isPage: false })),
    ]),
  ];
}

/** The address of a file for members, if there is one. */
async function findSomeDownload({ downloadsFolder }: Settings): Promise<string[]> {
  const entries = await readdir(downloadsFolder, { withFileTypes: true }).catch(() => []);
  const file = entries.find((entry) => entry.isFile() && !entry.name.startsWith('.'));
  return file ? [`/download/${encodeURIComponent(file.name)}`] : [];
}

async function askPlain(origin: string): Promise<LiveAnswer[]> {
  return askLiveSite(origin, publicPage).then(
    (answer) => [answer],
    () => [],
  );
}

function explainSilence(origin: string, error: unknown): Finding {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = message || code;
  if (/CERT|SIGNATURE|ISSUER|TLS/.test(code)) {
    const advice = 'Give the proxy a certificate for this name that browsers trust, and renew it.';
    return problem('live site', `the certificate of ${origin} is refused: ${reason}`, advice);
  }
  const advice = `Start the server. If it runs, see whether the proxy, and this machine’s way to ${origin}, work.`;
  return warning('live site', `${origin} does not answer here: ${reason}`, advice);
}
