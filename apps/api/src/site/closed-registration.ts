import type { FastifyReply } from 'fastify';
import type { Site, SiteFile } from './site-file.ts';

/** The site while nobody can register: its pages say so, and offer nothing that would be refused. */
export function closeRegistration(site: Site): Site {
  return {
    ...site,
    find: async (wanted) => {
      const file = await site.find(wanted);
      return file && markClosed(file);
    },
  };
}

/** Nothing in the mark is personal: a public page stays one that anybody may cache. */
function markClosed(file: SiteFile): SiteFile {
  if (file.kind !== 'page') return file;
  const html = file.html.replace('data-registration="open"', 'data-registration="closed"');
  const send = (reply: FastifyReply) => {
    reply.type('text/html; charset=utf-8').compress(html);
    return reply;
  };
  return { ...file, html, send: file.send && send };
}
