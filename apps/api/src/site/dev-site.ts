import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { isPublicPath } from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import { encodePath } from './request-path.ts';
import type { Site } from './site-file.ts';

/** What Astro's development server adds to the site: modules, styles and its own tools. */
const devOnly = /^\/(@|src\/|node_modules\/|packages\/|apps\/|_image$|__)/;

/**
 * The site as Astro's development server has it at this moment. The gate in front of it is the same
 * as for the built one; there is no content security policy, because Vite needs inline code.
 *
 * @param origin the development server's address, such as http://127.0.0.1:4321
 */
export function openDevSite(origin: string): Site {
  return {
    async find({ path, search }) {
      const answer = await fetch(origin + encodePath(path) + search, {
        redirect: 'manual',
        headers: { accept: '*/*' },
      });
      if (answer.status === 404) return null;
      const type = answer.headers.get('content-type') ?? 'application/octet-stream';
      const isPublic = isPublicPath(path) || devOnly.test(path);
      if (type.startsWith('text/html')) {
        const html = await answer.text();
        return { kind: 'page', path, isPublic, html, policy: null, send: null };
      }
      const send = (reply: FastifyReply) =>
        reply
          .code(answer.status)
          .type(type)
          .header('cache-control', 'no-store')
          .send(answer.body ? Readable.fromWeb(answer.body as ReadableStream) : '');
      return { kind: 'asset', path, isPublic, send };
    },
    readText: async (path) => (await fetch(origin + path)).text(),
  };
}
