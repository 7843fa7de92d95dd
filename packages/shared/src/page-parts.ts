/** A place of a page that the server may fill. */
export type PageHole = {
  kind: 'hole';
  key: string;
  /** What the build left there. */
  built: string;
  /** What stands there instead. `html` is the hole's value. */
  write: (html: string) => string;
};

/** A block that is repeated for each item of a list. */
type PageList = { kind: 'list'; name: string; item: PagePart[]; built: string };

/** A part of a repeated block that only some items have. */
type PageChoice = { kind: 'choice'; key: string; isFor: boolean; parts: PagePart[] };

export type PagePart = string | PageHole | PageList | PageChoice;

/** What takes the place of a part of the source. Offsets are in characters; `end` is not in it. */
export type Mark = { start: number; end: number } & (
  | { kind: 'hole'; key: string; write?: PageHole['write'] }
  | {
      kind: 'block';
      sort: 'each' | 'if' | 'unless';
      name: string;
      innerStart: number;
      innerEnd: number;
    }
);

/** What is wrong with a mark; `written` is the mark as it stands in the page. */
export type PageFault = { written: string; sentence: string };

type Range = { start: number; end: number };
type Source = { html: string; marks: Mark[] };

/** The parts of a page whose marks are known. */
export function cutAtMarks(html: string, marks: Mark[]): PagePart[] {
  const sorted = marks.toSorted((one, other) => one.start - other.start || one.end - other.end);
  return cutRange({ html, marks: sorted }, { start: 0, end: html.length });
}

function cutRange({ html, marks }: Source, { start, end }: Range): PagePart[] {
  const parts: PagePart[] = [];
  const within = marks.filter((mark) => mark.start >= start && mark.end <= end);
  let cursor = start;
  let before: Mark | undefined;
  for (const mark of within) {
    // A browser may read an element twice, where tags are badly nested.
    if (mark.start < cursor || isSame(mark, before)) continue;
    before = mark;
    if (mark.start > cursor) parts.push(html.slice(cursor, mark.start));
    parts.push(readPart({ html, marks: within }, mark));
    cursor = mark.end;
  }
  return cursor < end ? [...parts, html.slice(cursor, end)] : parts;
}

const isSame = (one: Mark, other?: Mark): boolean =>
  one.start === other?.start && one.end === other.end;

function readPart(source: Source, mark: Mark): PagePart {
  const built = source.html.slice(mark.start, mark.end);
  if (mark.kind === 'hole') {
    return { kind: 'hole', key: mark.key, built, write: mark.write ?? ((html) => html) };
  }
  const { sort, name, innerStart, innerEnd } = mark;
  const inner = source.marks.filter((one) => one !== mark);
  const parts = cutRange({ html: source.html, marks: inner }, { start: innerStart, end: innerEnd });
  return sort === 'each'
    ? { kind: 'list', name, item: parts, built }
    : { kind: 'choice', key: name, isFor: sort === 'if', parts };
}
