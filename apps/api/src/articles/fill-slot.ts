/**
 * Fills an empty element that the build left for the meter.
 *
 * @param content HTML
 */
export function fillSlot(html: string, slot: string, content: string): string {
  const mark = `data-slot="${slot}">`;
  return html.replace(mark, () => mark + content);
}
