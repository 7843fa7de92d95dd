import { experimental_AstroContainer as AstroContainer } from 'astro/container';
import { render, type CollectionEntry } from 'astro:content';

/** The HTML of a Markdown file, its pictures among it: `rendered.html` has but gaps where they belong. */
export async function renderHtml(entry: CollectionEntry<'blog' | 'secrets'>): Promise<string> {
  const [container, { Content }] = await Promise.all([AstroContainer.create(), render(entry)]);
  return container.renderToString(Content);
}
