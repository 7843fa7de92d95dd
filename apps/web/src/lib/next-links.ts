/**
 * The forms, and the links between them, keep where the visitor was going. The server has filled this
 * in already, unless the page came from a CDN.
 */
export function keepNextPath(): void {
  const next = new URLSearchParams(location.search).get('next');
  if (next === null) return;
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-form]')) {
    form.setAttribute('action', location.pathname + location.search);
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-keep-next]')) {
    link.search = new URLSearchParams({ next }).toString();
  }
}
