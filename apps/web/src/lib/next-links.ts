/** Links between the two forms keep where the visitor was going. */
export function keepNextPath(): void {
  const next = new URLSearchParams(location.search).get('next');
  if (next === null) return;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-keep-next]')) {
    link.search = new URLSearchParams({ next }).toString();
  }
}
