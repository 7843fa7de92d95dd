/** Does the same for each of many, a few at a time: a site may have more files than can be open at once. */
export async function doInBatches<Item>(
  items: Item[],
  size: number,
  act: (item: Item) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < items.length; start += size) {
    await Promise.all(items.slice(start, start + size).map(act));
  }
}
