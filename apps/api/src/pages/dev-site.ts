import { Readable } from 'node:stream';
import {
  articlePath,
  ARTICLES_PATH,
  articlesContent,
  findPageAccess,
  isMeteredPath,
} from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import { createArticleAccess } from './article-access.ts';
import { createTemplate } from './page-template.ts';
import { encodePath } from '../http/request-path.ts';
import { createRedirect } from './site-redirects.ts';
import type { Site, SiteFile } from './site-file.ts';

const RETRY_SECONDS = 1;
/** The one page that exists and is answered with 404 all the same. */
const NOT_FOUND_PAGE = '/404';

/** The development server's answer, or null when it does not answer. */
function ask(url: string): Promise<Response | null> {
  return fetch(url, { redirect: 'manual', headers: { accept: '*/*' } }).catch(() => null);
}

/** Stands for every file while the development server starts, or after it ended. */
function notThereYet(path: string): SiteFile {
  const send = (reply: FastifyReply) =>
    reply
      .code(503)
      .header('retry-after', RETRY_SECONDS)
      .header('refresh', RETRY_SECONDS)
      .header('cache-control', 'no-store')
      .type('text/plain; charset=utf-8')
      .send(
        'The development server of the site does not answer. It may still be starting; its output says more.\n',
      );
  return { kind: 'asset', path, access: 'public', send };
}

/** What Astro's development server adds to the site: modules, styles and its own tools. */
const devOnly = /^\/(@|src\/|node_modules\/|packages\/|apps\/|_image$|__)/;

/**
 * The site as Astro's development server has it at this moment. The gate in front of it is the same
 * as for the built one, and so are the headers.
 *
 * @param origin the development server's address, such as http://127.0.0.1:4321
 */
export function openDevSite(origin: string): Site {
  const readArticles = async () => {
    const answer = await ask(origin + ARTICLES_PATH);
    return answer?.ok ? articlesContent.parse(await answer.json()).items : [];
  };
  const findAlias = async (path: string) => {
    const article = (await readArticles()).find(({ aliases }) => aliases.includes(path));
    if (!article) return null;
    const location = encodeURI(articlePath(article.slug));
    return createRedirect({ path, status: 301, location }, await readAccess(location));
  };
  /** What finds who may have a path. Only articles need what the development server knows of them. */
  const readAccess = async (path: string) => {
    const findArticle = createArticleAccess(isMeteredPath(path) ? await readArticles() : []);
    return (wanted: string, html = '') => findArticle(wanted) ?? findPageAccess(wanted, html);
  };
  return {
    async find({ path, search }) {
      const answer = await ask(origin + encodePath(path) + search);
      if (!answer) return notThereYet(path);
      const isLost = answer.status === 404;
      if (isLost && path !== NOT_FOUND_PAGE) {
        await answer.body?.cancel();
        return findAlias(path);
      }
      const location = answer.headers.get('location');
      if (location !== null && answer.status >= 300 && answer.status < 400) {
        const target = URL.parse(location, origin)?.pathname ?? '';
        const redirect = { path, status: answer.status, location };
        return createRedirect(redirect, await readAccess(target));
      }
      const type = answer.headers.get('content-type') ?? 'application/octet-stream';
      // What is wrong with a page is for whoever writes it, signed in or not.
      const isFault = answer.status >= 500;
      const isForAll = isFault || devOnly.test(path);
      if ((answer.ok || isLost) && type.startsWith('text/html')) {
        const html = await answer.text();
        // As the build's, with what Vite needs: the site itself says it.
        const policy = answer.headers.get('content-security-policy');
        const access = isForAll ? 'public' : (await readAccess(path))(path, html);
        const readTemplate = createTemplate(html);
        const page = { html, readTemplate, readGzipped: null, policy, send: null };
        return { kind: 'page', path, access, ...page };
      }
      const access = isForAll ? 'public' : findPageAccess(path, '');
      const send = (reply: FastifyReply) =>
        reply
          .code(answer.status)
          .type(type)
          .header('cache-control', 'no-store')
          .send(answer.body ? Readable.fromWeb(answer.body) : '');
      return { kind: 'asset', path, access, send };
    },
    isListed: () => false,
    listPaths: () => null,
    async readText(path) {
      const answer = await fetch(origin + path);
      return answer.ok ? answer.text() : null;
    },
  };
}
