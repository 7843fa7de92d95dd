import { MOST_FINDINGS, type Finding } from './search-index.ts';

const part = /<mark>(.*?)<\/mark>/gs;

/** Pagefind writes these two as references, and nothing else. */
const unescape = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>');

/** An excerpt as text and marks: nothing in it is ever read as HTML. */
function createExcerpt(excerpt: string): HTMLElement {
  const paragraph = document.createElement('p');
  excerpt.split(part).forEach((text, index) => {
    const isMarked = index % 2 === 1;
    const node = isMarked ? document.createElement('mark') : paragraph;
    node.append(unescape(text));
    if (isMarked) paragraph.append(node);
  });
  return paragraph;
}

function createLink({ url, title }: { url: string; title: string }): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = url;
  link.textContent = title;
  return link;
}

function createSections(sections: Finding['sections']): HTMLElement[] {
  if (sections.length === 0) return [];
  const list = document.createElement('ul');
  list.setAttribute('role', 'list');
  for (const section of sections) {
    const item = document.createElement('li');
    item.append(createLink(section));
    list.append(item);
  }
  return [list];
}

/** A page that was found, as an item of the list. */
export function createResult(finding: Finding): HTMLLIElement {
  const item = document.createElement('li');
  const heading = document.createElement('h2');
  heading.append(createLink(finding));
  item.append(heading, createExcerpt(finding.excerpt), ...createSections(finding.sections));
  return item;
}

/** How many pages were found, in a sentence. */
export function describeResults(count: number, query: string): string {
  const words = `“${query}”`;
  if (count === 0) {
    return `Nothing was found for ${words}. Check the spelling, or try fewer or other words.`;
  }
  if (count >= MOST_FINDINGS) {
    return `The best ${count} pages for ${words}. Add a word to narrow it down.`;
  }
  return count === 1 ? `1 page for ${words}` : `${count} pages for ${words}`;
}
