import type { FastifyReply } from 'fastify';
import { createLastingText, sendText } from './send-text.ts';
import type { Site, SiteFile, SitePage } from './site-file.ts';

/**
 * The site with something in its pages that the settings decide and the build does not know. It is the
 * same for everybody, so a public page stays one that anybody may cache; each is written once a build.
 *
 * @param rewrite gives the page's HTML, the same where there is nothing to change
 */
export function rewritePages(site: Site, rewrite: (html: string) => string): Site {
  const rewritten = new WeakMap<SitePage, SitePage>();
  const rewriteFile = (file: SiteFile): SiteFile => {
    if (file.kind !== 'page') return file;
    const page = rewritten.get(file) ?? rewritePage(file, rewrite(file.html));
    rewritten.set(file, page);
    return page;
  };
  return {
    ...site,
    find: async (wanted) => {
      const file = await site.find(wanted);
      return file && rewriteFile(file);
    },
  };
}

function rewritePage(page: SitePage, html: string): SitePage {
  if (html === page.html) return page;
  const lasting = createLastingText(html);
  const send = (reply: FastifyReply) => sendText(reply, 'text/html; charset=utf-8', lasting);
  return { ...page, html, send: page.send && send };
}
