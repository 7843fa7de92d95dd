import type { FastifyReply } from 'fastify';
import type { Contact } from '../settings.ts';
import { escapeHtml } from './fill-page.ts';
import type { Site, SiteFile } from './site-file.ts';

const place = /<span data-slot="contact" data-public>([^<]*)<\/span>/g;

/** The site whose pages say how to reach the people who run it, wherever a visitor may be stuck. */
export function showContact(site: Site, contact: Contact): Site {
  return {
    ...site,
    find: async (wanted) => {
      const file = await site.find(wanted);
      return file && fillContact(file, contact);
    },
  };
}

function fillContact(file: SiteFile, { href, text }: Contact): SiteFile {
  if (file.kind !== 'page' || !file.html.includes('data-slot="contact"')) return file;
  const html = file.html
    .replaceAll('data-contact="none"', 'data-contact="shown"')
    .replace(
      place,
      (_place, words: string) =>
        `<a href="${escapeHtml(href)}">${text ? escapeHtml(text) : words}</a>`,
    );
  // Nothing of it is personal: a public page stays one that anybody may cache.
  const send = (reply: FastifyReply) => {
    reply.type('text/html; charset=utf-8').compress(html);
    return reply;
  };
  return { ...file, html, send: file.send && send };
}
