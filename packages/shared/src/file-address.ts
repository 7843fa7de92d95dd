/**
 * The path at which a file of the built site is found: `/login` for `login.html`, `/docs` for
 * `docs/index.html`, and its own name for anything that is no page.
 *
 * @param fileName below the built site's folder, with `/` between folders
 */
export function nameAddress(fileName: string): string {
  if (!fileName.endsWith('.html')) return `/${fileName}`;
  const bare = `/${fileName.replace(/\.html$/, '')}`;
  return bare.replace(/\/index$/, '') || '/';
}

/** The folder of a built site for what the build tells the server. Nothing in it has an address. */
export const BUILD_FOLDER = '.build/';
/** Compressed copies lie apart: a site may have a `data.json.gz` of its own beside `data.json`. */
export const ENCODED_FOLDER = `${BUILD_FOLDER}encoded/`;
/** Encoding of HTTP → how the name of a copy in that encoding ends; the best first. */
export const encodedEndings = { br: '.br', gzip: '.gz' } as const;
