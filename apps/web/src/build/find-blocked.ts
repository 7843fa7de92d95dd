import { createHash } from 'node:crypto';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { isElement, listChildren, type Node } from './page-tree.ts';

/** Something that browsers will not load, run or apply. */
export type Blocked = {
  /** The directive of the policy that forbids it. */
  directive: string;
  what: string;
  /** As it is written, to find it in the sources. */
  written: string;
  line: number;
};
type Policy = Map<string, string[]>;
type Element = DefaultTreeAdapterTypes.Element;

/** A built page's own policy, as Astro writes it. */
export const policyOfPage = /<meta http-equiv="content-security-policy" content="([^"]*)"/i;
const ORIGIN = 'https://this-site.invalid';
/** Directives that do not fall back to `default-src`. */
const alone = new Set(['base-uri', 'form-action']);
const programs =
  /^(|module|importmap|speculationrules|(text|application)\/(x-)?(java|ecma)script)$/i;
const handler = /^on[a-z]+$/;

/** The directives of a policy by their names. */
export function parsePolicy(policy: string): Policy {
  return new Map(
    policy
      .split(';')
      .map((part) => part.trim().split(/\s+/))
      .flatMap(([name = '', ...sources]) => (name ? [[name, sources] as const] : [])),
  );
}

function findSources(policy: Policy, directive: string): string[] | null {
  return (
    policy.get(directive) ?? (alone.has(directive) ? null : (policy.get('default-src') ?? null))
  );
}

function fits(source: string, url: URL): boolean {
  if (source === "'self'") return url.origin === ORIGIN;
  if (source === '*') return /^(https?|wss?):$/.test(url.protocol);
  if (/^[a-z][a-z0-9+.-]*:$/i.test(source)) return url.protocol === source.toLowerCase();
  const [, scheme, host = '', port] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:]+)(?::(\d+|\*))?/i.exec(source) ?? [];
  const isHost = host.startsWith('*.')
    ? url.hostname.endsWith(host.slice(1).toLowerCase())
    : url.hostname === host.toLowerCase();
  const isScheme = scheme === undefined || url.protocol === `${scheme.toLowerCase()}:`;
  return isHost && isScheme && (port === undefined || port === '*' || url.port === port);
}

/** Whether the policy lets a page load an address. One that is no address is not loaded at all. */
function allows(policy: Policy, directive: string, address: string): boolean {
  const sources = findSources(policy, directive);
  const url = URL.parse(address.trim(), `${ORIGIN}/`);
  if (sources === null || url === null) return true;
  return sources.some((source) => fits(source, url));
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const readSet = (set: string) =>
  set.split(/,\s+/).map((candidate) => candidate.trim().split(/\s+/, 1)[0] ?? '');

/** What an element loads: directive and address. */
function listLoads(element: Element): [string, string][] {
  const value = (wanted: string) => element.attrs.find(({ name }) => name === wanted)?.value;
  const load = (directive: string, ...names: string[]) =>
    names.flatMap((name): [string, string][] => {
      const address = value(name);
      if (address === undefined) return [];
      const addresses = name.endsWith('srcset') ? readSet(address) : [address];
      return addresses.map((one) => [directive, one]);
    });
  switch (element.tagName) {
    case 'script':
      return load('script-src', 'src', 'href');
    case 'img':
      return load('img-src', 'src', 'srcset');
    case 'image':
    case 'feimage':
      return load('img-src', 'href', 'xlink:href');
    case 'input':
      return [...load('img-src', 'src'), ...load('form-action', 'formaction')];
    case 'button':
      return load('form-action', 'formaction');
    case 'form':
      return load('form-action', 'action');
    case 'source':
      return [...load('media-src', 'src'), ...load('img-src', 'srcset')];
    case 'audio':
    case 'track':
      return load('media-src', 'src');
    case 'video':
      return [...load('media-src', 'src'), ...load('img-src', 'poster')];
    case 'iframe':
    case 'frame':
      return load('frame-src', 'src');
    case 'object':
      return load('object-src', 'data');
    case 'embed':
      return load('object-src', 'src');
    case 'base':
      return load('base-uri', 'href');
    case 'link':
      return listLinks(value('rel') ?? '', value('as') ?? '').flatMap((directive) =>
        load(directive, 'href'),
      );
    default:
      return [];
  }
}

const preloads: Record<string, string> = {
  font: 'font-src',
  image: 'img-src',
  script: 'script-src',
  style: 'style-src',
  fetch: 'connect-src',
};

function listLinks(rel: string, as: string): string[] {
  const words = rel.toLowerCase().split(/\s+/);
  return [
    ...(words.includes('stylesheet') ? ['style-src'] : []),
    ...(words.includes('manifest') ? ['manifest-src'] : []),
    ...(words.includes('modulepreload') ? ['script-src'] : []),
    ...(words.some((word) => word === 'icon' || word === 'apple-touch-icon') ? ['img-src'] : []),
    ...(words.includes('preload') && preloads[as] ? [preloads[as]] : []),
  ];
}

const textOf = (element: Element) =>
  listChildren(element)
    .map((child) => ('value' in child ? child.value : ''))
    .join('');

function findInElement(element: Element, policy: Policy): Omit<Blocked, 'line'>[] {
  const { tagName, attrs } = element;
  const found: Omit<Blocked, 'line'>[] = [];
  const add = (directive: string, what: string, written: string) =>
    found.push({ directive, what: `${what} in <${tagName}>`, written });
  for (const { name, value } of attrs) {
    if (name === 'style' && value.trim()) add('style-src', `style="${value}"`, value);
    if (handler.test(name)) add('script-src', `${name}="${value}"`, value);
    if (/^\s*javascript:/i.test(value) && /^(href|src|action|formaction|data)$/.test(name)) {
      add('script-src', `${name}="${value}"`, value);
    }
  }
  for (const [directive, address] of listLoads(element)) {
    if (/^\s*javascript:/i.test(address) || allows(policy, directive, address)) continue;
    add(directive, address, address);
  }
  const text = textOf(element);
  const isInline = !attrs.some(({ name }) => name === 'src');
  const type = attrs.find(({ name }) => name === 'type')?.value ?? '';
  const isProgram = tagName === 'script' && isInline && programs.test(type);
  if (!text.trim() || (!isProgram && tagName !== 'style')) return found;
  const directive = isProgram ? 'script-src' : 'style-src';
  if (!findSources(policy, directive)?.includes(hashOf(text))) {
    const [start = ''] = text.trim().split('\n', 1);
    add(directive, `inline code "${start.slice(0, 60)}"`, start.trim());
  }
  if (tagName === 'style') found.push(...findInStyles(text, policy));
  return found;
}

const styleAddress = /@import\s+(?:url\()?\s*["']?([^"')\s;]+)|url\(\s*["']?([^"')]+?)["']?\s*\)/gi;
const fontFile = /\.(woff2?|ttf|otf|eot)([?#]|$)|^data:(font|application\/(x-)?font)/i;

/** What a style sheet loads and the policy forbids: other styles, fonts and pictures. */
function findInStyles(css: string, policy: Policy): Omit<Blocked, 'line'>[] {
  return [...css.matchAll(styleAddress)].flatMap(([, sheet, other = '']) => {
    const address = sheet ?? other;
    const directive = sheet ? 'style-src' : fontFile.test(address) ? 'font-src' : 'img-src';
    if (allows(policy, directive, address)) return [];
    return [{ directive, what: `${address.slice(0, 120)} in a style sheet`, written: address }];
  });
}

const requests =
  /\b(?:fetch|importScripts|import|sendBeacon|new\s+(?:WebSocket|EventSource|Worker))\s*\(\s*["'`]((?:https?|wss?):\/\/[^"'`]+)/g;

function findInScript(script: string, policy: Policy): Omit<Blocked, 'line'>[] {
  return [...script.matchAll(requests)].flatMap(([call, address = '']) => {
    const directive = /^import/.test(call) ? 'script-src' : 'connect-src';
    if (allows(policy, directive, address)) return [];
    return [{ directive, what: `${address} in a script`, written: address }];
  });
}

const lineOf = (text: string, written: string) =>
  text.slice(0, Math.max(0, text.indexOf(written))).split('\n').length;

/** What browsers will block of a style sheet or a script of the site. */
export function findBlockedInFile(name: string, text: string, policy: Policy): Blocked[] {
  const found = name.endsWith('.css') ? findInStyles(text, policy) : findInScript(text, policy);
  return found.map((one) => ({ ...one, line: lineOf(text, one.written) }));
}

/** What browsers will block of a page. */
export function findBlocked(html: string, policy: Policy): Blocked[] {
  const list = (node: Node): Blocked[] => {
    const line = isElement(node) ? (node.sourceCodeLocation?.startLine ?? 1) : 1;
    const own = isElement(node) ? findInElement(node, policy) : [];
    return [...own.map((one) => ({ ...one, line })), ...listChildren(node).flatMap(list)];
  };
  return list(parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false }));
}
