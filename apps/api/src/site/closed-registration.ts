import { rewritePages } from './rewrite-pages.ts';
import type { Site } from './site-file.ts';

/** The site while nobody can register: its pages say so, and offer nothing that would be refused. */
export function closeRegistration(site: Site): Site {
  return rewritePages(site, (html) =>
    html.replace('data-registration="open"', 'data-registration="closed"'),
  );
}
