import type { Contact } from '../settings.ts';
import { escapeHtml } from './fill-page.ts';
import { rewritePages } from './rewrite-pages.ts';
import type { Site } from './site-file.ts';

const place = /<span data-slot="contact" data-public>([^<]*)<\/span>/g;

/** The site whose pages say how to reach the people who run it, wherever a visitor may be stuck. */
export function showContact(site: Site, { href, text }: Contact): Site {
  return rewritePages(site, (html) =>
    html.includes('data-slot="contact"')
      ? html
          .replaceAll('data-contact="none"', 'data-contact="shown"')
          .replace(
            place,
            (_place, words: string) =>
              `<a href="${escapeHtml(href)}">${text ? escapeHtml(text) : words}</a>`,
          )
      : html,
  );
}
