import { nameCookie, SIGN_IN_HINT_COOKIE } from '@latchkey/shared';
import { parseSetCookie } from 'cookie';
import type { Settings } from '../settings/settings.ts';
import type { LiveAnswer } from './ask-live-site.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

const gateAdvice =
  'Let the proxy hand every request to the server, and serve no file of apps/web/dist itself.';
const storeAdvice =
  'Let the proxy obey Cache-Control of the server (nginx: no proxy_ignore_headers, no expires).';

/** A page or file for members that a stranger asked for. */
export function examineClosed({ path, status, values }: LiveAnswer, wanted: number): Finding[] {
  if (status === 200 || status === 206) {
    return [problem('live gate', `${path} is handed to somebody who is not signed in`, gateAdvice)];
  }
  if (status === wanted || (status === 301 && /\.html$/.test(path))) return [];
  const [location = ''] = values('location');
  const detail = `${path} is answered with ${status} ${location}`.trim();
  return [problem('live gate', `${detail}, where the server says ${wanted}`, gateAdvice)];
}

/** A visitor is led to the log-in of the address that people see. */
export function examineLogIn({ path, status, values }: LiveAnswer, origin: string): Finding[] {
  const [location] = values('location');
  if (status !== 302 || location === undefined) return [];
  const target = new URL(location, `${origin}${path}`);
  if (target.origin === origin && target.pathname === '/login') return [];
  const advice = 'Let the proxy pass Location on as it is (nginx: proxy_redirect off).';
  return [problem('live gate', `${path} leads to ${location}`, advice)];
}

/** What does not exist is nowhere a page, and a missing file not the site's home. */
export function examineNothing({ path, status }: LiveAnswer): Finding[] {
  if (status === 404) return [];
  const detail = `${path}, which does not exist, is answered with ${status}`;
  return [problem('live gate', detail, `${gateAdvice} It must not answer with a page of its own.`)];
}

/** What is private is kept by nobody. */
export function examineStoring({ path, values }: LiveAnswer): Finding[] {
  const said = values('cache-control').join(', ');
  if (/\bno-store\b/.test(said) && !/\bpublic\b|\bmax-age=[1-9]/.test(said)) return [];
  const detail = `${path} came with Cache-Control: ${said || '(none)'}, in place of private, no-store`;
  return [problem('live cache', detail, storeAdvice)];
}

/**
 * The server answers a stale sign-in hint by deleting it. An answer that does not came out of a cache,
 * or lost its cookies on the way.
 */
export function examineHint(
  { publicOrigin, isHttps }: Settings,
  { path, values }: LiveAnswer,
): Finding[] {
  const name = nameCookie(SIGN_IN_HINT_COOKIE, new URL(publicOrigin));
  const cookies = values('set-cookie').map((text) => parseSetCookie(text));
  const cookie = cookies.find((one) => one.name === name);
  if (!cookie) {
    const detail = `${path} came without the cookie that the server sends: a cache answered for it, or a proxy drops cookies`;
    return [problem('live cache', detail, `${storeAdvice} It must pass Cookie and Set-Cookie on.`)];
  }
  const lost = [
    ...(isHttps && !cookie.secure ? ['Secure'] : []),
    ...(String(cookie.sameSite).toLowerCase() === 'lax' ? [] : ['SameSite=Lax']),
    ...(cookie.path === '/' ? [] : ['Path=/']),
  ];
  const changed = [...lost, ...(cookie.domain === undefined ? [] : ['no Domain'])];
  if (changed.length === 0) return [];
  const advice =
    'Let the proxy leave cookies alone (nginx: no proxy_cookie_flags, _path or _domain).';
  return [
    problem('live cookies', `a cookie came changed: it should have ${changed.join(', ')}`, advice),
  ];
}

/** Plain http leads to https, and shows nothing. Null is a port where nobody answers. */
export function examinePlainHttp(origin: string, answer: LiveAnswer | null): Finding[] {
  if (!answer) return [ok('live redirect', 'nobody answers on plain http')];
  const [location = ''] = answer.values('location');
  const isMoved = [301, 302, 307, 308].includes(answer.status);
  if (isMoved && location.startsWith(`${origin}/`)) {
    if (answer.status !== 302 && answer.status !== 307)
      return [ok('live redirect', `http leads to ${origin}`)];
    const advice = 'Answer with 301 or 308, so that browsers remember it.';
    return [warning('live redirect', `http leads to ${origin} with ${answer.status}`, advice)];
  }
  const advice = `Let the proxy answer plain http with a redirect to ${origin} alone.`;
  const detail = `plain http answers with ${answer.status} ${location}`.trim();
  return [problem('live redirect', `${detail}, and does not lead to https`, advice)];
}
