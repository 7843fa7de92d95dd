import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type Audience = 'public' | 'members' | 'gold' | 'nobody';

/** A file that a generator wrote, and what the rules of these sites mean for it. */
export type OutputFile = {
  name: string;
  /** Its address, encoded. */
  address: string;
  audience: Audience;
  /** A page: a visitor is sent to the log-in, where any other file says 401. */
  isPage: boolean;
  type: string;
  bytes: Buffer;
};

/** Files that no rule names, though they lie beside public ones. */
const unnamed = new Set(['CNAME', '_redirects', 'sitemap-index.xml', 'sitemap-0.xml']);

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  htm: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'application/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xml: 'application/xml',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  webp: 'image/webp',
  pdf: 'application/pdf',
};

function findAudience(name: string): Audience {
  if (/(^|\/)\.(?!well-known\/)/.test(name)) return 'nobody';
  if (name.startsWith('gold/')) return 'gold';
  return name.startsWith('members/') || unnamed.has(name) ? 'members' : 'public';
}

function nameAddress(name: string): string {
  const bare = name.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, '');
  return `/${bare.split('/').map(encodeURIComponent).join('/')}`;
}

/** Every file of a folder but the page for what is not there, which has no address. */
export function readOutput(folder: string): OutputFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
    .filter((name) => name !== '404.html');
  return names.map((name) => {
    const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
    const bytes = readFileSync(path.join(folder, name));
    const type = types[ending] ?? 'application/octet-stream';
    return {
      ...{ name, address: nameAddress(name), audience: findAudience(name) },
      isPage: /^html?$/.test(ending),
      // A page that is not in UTF-8 says itself what it is in.
      type: isUtf8(bytes) || ending !== 'html' ? type : 'text/html',
      bytes,
    };
  });
}
