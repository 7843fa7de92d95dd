/**
 * The HTTP Observatory's rules, version 4 of its algorithm, as far as they tell good answers from worse
 * ones; record 73 says why its own package does not run here.
 *
 * @see https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
 */
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { parseSetCookie } from 'cookie';

/** What it looks at of a site on https. */
export type Scanned = {
  headers: Headers;
  html: string;
  /** Every cookie that it was given on its way, as `Set-Cookie` has it. */
  cookies: string[];
  /** The answer to a preflight from another site. */
  preflight: Headers;
};

type Rule = (scanned: Scanned) => number;

const SIX_MONTHS_SECONDS = 15_552_000;
const LEAST_FOR_EXTRA = 90;
const tooBroad = /^(\*|https?:|ftp:|https?:\/\/\*(\.\*)?)$/;

function readPolicy(text: string): Map<string, string[]> {
  const directives = text.split(/[;,]/).map((part) => part.trim().toLowerCase().split(/\s+/));
  return new Map(directives.flatMap(([name, ...sources]) => (name ? [[name, sources]] : [])));
}

const scorePolicy: Rule = ({ headers }) => {
  const policy = readPolicy(headers.get('content-security-policy') ?? '');
  if (policy.size === 0) return -25;
  const listSources = (name: string) => policy.get(name) ?? policy.get('default-src') ?? ['*'];
  const hasInline = (sources: string[]) =>
    sources.includes('data:') ||
    (sources.includes("'unsafe-inline'") &&
      !sources.some((source) => /^'(sha\d+|nonce)-/.test(source)));
  const [scripts, styles, objects] = ['script-src', 'style-src', 'object-src'].map(listSources);
  const isBroad = (sources: string[] = []) => sources.some((source) => tooBroad.test(source));
  if (isBroad(scripts) || isBroad(objects) || hasInline(scripts ?? [])) return -20;
  const [passive, active] = [true, false].map((wanted) =>
    [...policy]
      .filter(([name]) => ['img-src', 'media-src'].includes(name) === wanted)
      .flatMap(([, sources]) => sources)
      .some((source) => /^(http|ftp):/.test(source)),
  );
  if (active) return -20;
  if (passive || [scripts, styles].some((sources) => sources?.includes("'unsafe-eval'")))
    return -10;
  if (isBroad(styles) || hasInline(styles ?? [])) return 0;
  return policy.get('default-src')?.join(' ') === "'none'" ? 10 : 5;
};

const scoreCookies: Rule = ({ cookies, headers }) => {
  const scores = cookies.map((text) => {
    const { name, secure, httpOnly, sameSite } = parseSetCookie(text);
    const isSession = /login|sess/i.test(name);
    const isCovered = scoreTransport({ headers } as Scanned) >= 0;
    if (isSession && !secure) return isCovered ? -10 : -40;
    if (isSession && !httpOnly) return -30;
    if (!secure) return isCovered ? -5 : -20;
    return sameSite === undefined ? 0 : 5;
  });
  return Math.min(...scores, 5) * Math.sign(scores.length);
};

const scoreSharing: Rule = ({ preflight }) => {
  const isForAnyone = preflight.get('access-control-allow-origin') === 'https://stranger.example';
  return isForAnyone && preflight.get('access-control-allow-credentials') === 'true' ? -50 : 0;
};

const scoreReferrer: Rule = ({ headers }) => {
  const policy = headers.get('referrer-policy');
  if (policy === null) return 0;
  return /^(no-referrer|same-origin|strict-origin(-when-cross-origin)?)$/.test(policy) ? 5 : -5;
};

const scoreTransport: Rule = ({ headers }) => {
  const value = headers.get('strict-transport-security') ?? '';
  const [, seconds] = /max-age=(\d+)/.exec(value) ?? [];
  if (seconds === undefined || value.includes(',')) return -20;
  return Number(seconds) >= SIX_MONTHS_SECONDS ? 0 : -10;
};

const scoreScripts: Rule = ({ html }) => {
  const scripts = listScripts(parse(html)).map(({ attrs }) => ({
    src: attrs.find(({ name }) => name === 'src')?.value ?? '',
    isChecked: attrs.some(({ name }) => name === 'integrity'),
  }));
  const foreign = scripts.filter(({ src }) => /^([a-z]+:)?\/\//i.test(src));
  if (foreign.some(({ src }) => !src.startsWith('https:'))) return -50;
  if (foreign.some(({ isChecked }) => !isChecked)) return -5;
  return foreign.length > 0 ? 5 : 0;
};

function listScripts(node: DefaultTreeAdapterTypes.Node): DefaultTreeAdapterTypes.Element[] {
  const own = 'tagName' in node && node.tagName === 'script' ? [node] : [];
  return [...own, ...('childNodes' in node ? node.childNodes.flatMap(listScripts) : [])];
}

const scoreSniffing: Rule = ({ headers }) =>
  headers.get('x-content-type-options') === 'nosniff' ? 0 : -5;

const scoreFraming: Rule = ({ headers }) => {
  const policy = readPolicy(headers.get('content-security-policy') ?? '');
  const ancestors = policy.get('frame-ancestors');
  if (ancestors && !ancestors.some((source) => tooBroad.test(source))) return 5;
  return /^(deny|sameorigin)$/i.test(headers.get('x-frame-options') ?? '') ? 0 : -20;
};

const scoreEmbedding: Rule = ({ headers }) => {
  const policy = headers.get('cross-origin-resource-policy');
  if (policy === null || policy === 'cross-origin') return 0;
  return /^same-(origin|site)$/.test(policy) ? 10 : -5;
};

const rules = {
  'content-security-policy': scorePolicy,
  cookies: scoreCookies,
  'cross-origin-resource-sharing': scoreSharing,
  'referrer-policy': scoreReferrer,
  'strict-transport-security': scoreTransport,
  'subresource-integrity': scoreScripts,
  'x-content-type-options': scoreSniffing,
  'x-frame-options': scoreFraming,
  'cross-origin-resource-policy': scoreEmbedding,
};

const grades: [least: number, grade: string][] = [
  [100, 'A+'],
  [90, 'A'],
  [85, 'A-'],
  [80, 'B+'],
  [70, 'B'],
  [65, 'B-'],
  [60, 'C+'],
  [50, 'C'],
  [45, 'C-'],
  [40, 'D+'],
  [30, 'D'],
  [25, 'D-'],
];

/** What a site gets: extra points count from 90 up. */
export function gradeSite(scanned: Scanned) {
  const scores = Object.entries(rules).map(([name, score]) => [name, score(scanned)] as const);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 100);
  const all = scores.map(([, value]) => value);
  const withoutExtra = sum(all.filter((value) => value < 0));
  const score = Math.max(0, withoutExtra >= LEAST_FOR_EXTRA ? sum(all) : withoutExtra);
  const grade = grades.find(([least]) => score >= least)?.[1] ?? 'F';
  return { grade, score, scores: Object.fromEntries(scores) };
}
