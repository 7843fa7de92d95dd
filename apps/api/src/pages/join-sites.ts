import { LANDING_PATH } from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import { isAccountPath } from './account-pages.ts';
import { keepGzipped } from './gzip-pieces.ts';
import { createTemplate } from './page-template.ts';
import { createLastingText, sendText } from './send-text.ts';
import type { Site, SiteFile, SitePage } from './site-file.ts';

const problemPath = '/problem';
const themePath = '/latchkey.css';
const themeLink = `<link rel="stylesheet" href="${themePath}">`;

/** Whoever logs in on the way to nowhere lands there, where the site has no such page. */
const landing: SiteFile = {
  ...{ kind: 'redirect', path: LANDING_PATH, access: 'public', status: 302, location: '/' },
};

/**
 * A site that was built elsewhere, with Latchkey's own pages for accounts where it has none. These take
 * the colours of its `latchkey.css`, and link to none of the product's pages that it does not have.
 */
export function joinSites(owners: Site, latchkey: Site): Site {
  const themed = new WeakMap<SitePage, SitePage>();
  const findAccountPage = async (wanted: { path: string; search: string }) => {
    const file = await latchkey.find(wanted);
    if (file?.kind !== 'page') return file;
    const page = themed.get(file) ?? addTheme(file);
    themed.set(file, page);
    return page;
  };
  return {
    async find(wanted) {
      const { path } = wanted;
      if (path === themePath) return writeTheme(owners);
      const own = path === problemPath ? null : await owners.find(wanted);
      if (own) return own;
      if (isAccountPath(path)) return findAccountPage(wanted);
      return path === LANDING_PATH ? landing : null;
    },
    isListed: (path) => owners.isListed(path) || (isAccountPath(path) && latchkey.isListed(path)),
    listPaths: () => owners.listPaths(),
    // It has neither articles nor texts of members that a build has left for the server.
    readText: async () => null,
  };
}

function addTheme(page: SitePage): SitePage {
  const html = page.html.replace('</head>', `${themeLink}</head>`);
  const readTemplate = createTemplate(html);
  const lasting = createLastingText(html);
  const send = (reply: FastifyReply) => sendText(reply, 'text/html; charset=utf-8', lasting);
  return {
    ...{ ...page, html, readTemplate, send: page.send && send },
    readGzipped: page.readGzipped && keepGzipped(readTemplate),
  };
}

/** Pages of the product's own site, and what links to them. */
const productLinks = {
  '/blog': ".site-header li:has(> a[href='/blog'])",
  [LANDING_PATH]: `.site-header li:has(> a[href='${LANDING_PATH}'])`,
  '/search': "a[href='/search']",
};

/** What is of the product's own articles. */
const ofArticles = [
  ...['#feed', ".section-links li:has(> a[href='#feed'])"],
  '.figures > section:has(> #articles)',
];

async function writeTheme(owners: Site): Promise<SiteFile> {
  const hiding = [...ofArticles];
  for (const [path, selector] of Object.entries(productLinks)) {
    if (!(await owners.find({ path, search: '' }))) hiding.push(selector);
  }
  const own = (await owners.readText(themePath)) ?? '';
  const css = `${hiding.join(', ')} { display: none; }\n${own}`;
  const send = (reply: FastifyReply) =>
    sendText(reply, 'text/css; charset=utf-8', createLastingText(css));
  return { kind: 'asset', path: themePath, access: 'public', send };
}
