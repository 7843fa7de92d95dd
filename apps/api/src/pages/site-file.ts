import type { Access } from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import type { GzippedTemplate } from './gzip-pieces.ts';
import type { PageTemplate } from './page-template.ts';
import type { RequestPath } from '../http/request-path.ts';

/** Who may have a file. What is metered goes through the door of the articles alone. */
export type FileAccess = Access | 'metered';

export type Served = {
  /** The clean address, such as `/login`. */
  path: string;
  access: FileAccess;
  /** It is of a site that was built elsewhere, which has a policy of its own. */
  isOwners?: true;
  send: (reply: FastifyReply) => FastifyReply;
};

/** A page of the site: HTML that the server may complete before it sends it. */
export type SitePage = Omit<Served, 'send'> & {
  kind: 'page';
  html: string;
  /** What the page is joined from where the server completes it. */
  readTemplate: () => PageTemplate;
  /** The same compressed, or null where it would be compressed for one request alone. */
  readGzipped: (() => GzippedTemplate | null) | null;
  /** The page's own content security policy, without what only a header can say; null in development. */
  policy: string | null;
  /** Sends the page as it was built, or null where there is no such file. */
  send: ((reply: FastifyReply) => FastifyReply) | null;
};

/** Any other file of the site. */
export type SiteAsset = Served & {
  kind: 'asset';
  /** People read it in a browser, though the server completes nothing in it. */
  isPage?: true;
};

/** A former address, and where what was there is now. */
export type SiteRedirect = Omit<Served, 'send'> & {
  kind: 'redirect';
  status: number;
  /** A path of this site, encoded, or another site's address. */
  location: string;
};

export type SiteFile = SitePage | SiteAsset | SiteRedirect;

export type Site = {
  /** The file at an address, or null when there is none. */
  find: (wanted: RequestPath) => Promise<SiteFile | null>;
  /** Whether a file has exactly this address; false where files cannot be listed. */
  isListed: (path: string) => boolean;
  /** The addresses of all files, or null where they cannot be listed. */
  listPaths: () => string[] | null;
  /** The text of a file that the build makes for the server, or null where the site has no such part. */
  readText: (path: string) => Promise<string | null>;
};

/** A page by its clean address, or null. */
export async function findPage(site: Site, path: string): Promise<SitePage | null> {
  const file = await site.find({ path, search: '' });
  return file?.kind === 'page' ? file : null;
}
