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
