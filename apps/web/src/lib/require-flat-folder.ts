/** Throws where a file of content has no address: in a folder of its own, or by the name of the list. */
export function requireFlatFolder(
  entries: { id: string; filePath?: string }[],
  folder: string,
): void {
  const stray = entries.find(({ id }) => id.includes('/') || id === 'index');
  if (!stray) return;
  throw new Error(
    `${stray.filePath ?? stray.id} would have no address. Put it right into ${folder}, under a name other than index.md.`,
  );
}
