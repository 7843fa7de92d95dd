import { findElementMarks, type PageNode } from './element-marks.ts';
import { findListKeys } from './page-marks.ts';
import { cutAtMarks, type Mark, type PageFault, type PagePart } from './page-parts.ts';

/** A built page, parsed once: pieces that never change, and the holes between them. */
export type CompiledPage = {
  parts: PagePart[];
  /** What is wrong with its marks, in sentences. */
  faults: PageFault[];
};

type Comment = { text: string; start: number; end: number };
type Block = Extract<Mark, { kind: 'block' }>;

const blockMark = /^(\/?)(each|if|unless):(.*)$/s;
const ROLE = 'role:';
const placeholder = /\{\{(\w+)\}\}/g;

/**
 * Finds the holes of a page.
 *
 * @param document the page as parse5 reads it, with `sourceCodeLocationInfo`
 */
export function compilePage(html: string, document: PageNode): CompiledPage {
  const nodes = listNodes(document);
  const faults: PageFault[] = [];
  const blocks = pairBlocks(nodes.flatMap(readComment), faults);
  const lists = blocks.filter(({ sort }) => sort === 'each');
  const marks = [
    ...blocks,
    ...nodes.flatMap((node) => findElementMarks(html, node, faults)),
    ...lists.flatMap((list) => findPlaceholders(html, list, faults)),
  ];
  checkChoices(blocks, lists, faults);
  return { parts: cutAtMarks(html, marks), faults };
}

function listNodes(node: PageNode): PageNode[] {
  const children = node.content?.childNodes ?? node.childNodes ?? [];
  return [node, ...children.flatMap(listNodes)];
}

function readComment({ data, nodeName, sourceCodeLocation: place }: PageNode): Comment[] {
  if (nodeName !== '#comment' || data === undefined || !place) return [];
  return [{ text: data, start: place.startOffset, end: place.endOffset }];
}

function pairBlocks(comments: Comment[], faults: PageFault[]): Block[] {
  const open: (Comment & Pick<Block, 'sort' | 'name'>)[] = [];
  const blocks: Block[] = [];
  const addFault = ({ text }: Comment, sentence: string) =>
    faults.push({ written: `<!--${text}-->`, sentence });
  for (const comment of comments.toSorted((one, other) => one.start - other.start)) {
    const [, slash, sort, name = ''] = blockMark.exec(comment.text) ?? [];
    if (sort !== 'each' && sort !== 'if' && sort !== 'unless') continue;
    if (!slash) {
      if (sort === 'each' && !findListKeys(name)) addFault(comment, 'There is no such list.');
      open.push({ ...comment, sort, name });
      continue;
    }
    const begin = open.at(-1);
    if (begin?.sort !== sort || begin.name !== name) {
      addFault(comment, 'It ends nothing that began here.');
      continue;
    }
    open.pop();
    const inner = { innerStart: begin.end, innerEnd: comment.start };
    blocks.push({ kind: 'block', sort, name, start: begin.start, end: comment.end, ...inner });
  }
  for (const comment of open) addFault(comment, 'It has no end.');
  return blocks;
}

/** The roles that a block is for, by its name, such as `role:gold silver`; null for any other block. */
export const readBlockRoles = (name: string): string[] | null =>
  name.startsWith(ROLE) ? name.slice(ROLE.length).split(' ') : null;

const isWithin = (one: Block, { innerStart, innerEnd }: Block): boolean =>
  one.start >= innerStart && one.end <= innerEnd;

function checkChoices(blocks: Block[], lists: Block[], faults: PageFault[]): void {
  for (const block of blocks) {
    if (block.sort === 'each') continue;
    const list = lists.find((one) => isWithin(block, one));
    const isKnown = list && (findListKeys(list.name) ?? []).includes(block.name);
    if (isKnown || readBlockRoles(block.name)) continue;
    const sentence = list
      ? `The list ${list.name} has no "${block.name}".`
      : 'It stands in no list.';
    faults.push({ written: `<!--${block.sort}:${block.name}-->`, sentence });
  }
}

function findPlaceholders(html: string, list: Block, faults: PageFault[]): Mark[] {
  const text = html.slice(list.innerStart, list.innerEnd);
  const keys = findListKeys(list.name) ?? [];
  return [...text.matchAll(placeholder)].map((found): Mark => {
    const [written, key = ''] = found;
    if (!keys.includes(key)) {
      faults.push({ written, sentence: `The list ${list.name} has no "${key}".` });
    }
    const start = list.innerStart + found.index;
    return { kind: 'hole', key: `item:${key}`, start, end: start + written.length };
  });
}
