/** A line `NAME=value` of a file of settings. Lines count from 1. */
export type Entry = { line: number; name: string; value: string };
/** A line that cannot be understood. The sentence follows "line N" and never shows a value. */
export type LineFault = { line: number; sentence: string };

/** What no editor shows, except the space and the tab. */
const unseen = /(?![ \t])[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Reads the lines of a file of settings. Whatever other readers of such files take differently is a fault. */
export function parseSettingsText(text: string): { entries: Entry[]; faults: LineFault[] } {
  const entries: Entry[] = [];
  const faults: LineFault[] = [];
  for (const [index, content] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    const found = parseLine(content);
    if (typeof found === 'string') faults.push({ line, sentence: found });
    else if (found) entries.push({ line, ...found });
  }
  return { entries, faults: [...faults, ...findDuplicates(entries)] };
}

function findDuplicates(entries: Entry[]): LineFault[] {
  return entries.flatMap(({ name, line }, index) => {
    const first = entries.slice(0, index).find((entry) => entry.name === name);
    if (!first) return [];
    return [{ line, sentence: `sets ${name} again, after line ${first.line}. Keep one of them.` }];
  });
}

function parseLine(content: string): Omit<Entry, 'line'> | string | null {
  if (/^[ \t]*(#|$)/.test(content)) return null;
  const [hidden] = unseen.exec(content) ?? [];
  if (hidden !== undefined) {
    return `has an invisible character (${describeCharacter(hidden)}). Type the line anew.`;
  }
  if (/^\s*;/.test(content)) return 'begins with ";". A comment begins with "#".';
  const [, name = '', sign, rest = ''] =
    /^\s*(?:export\s+)?([^\s=:]*)\s*([=:])?(.*)$/.exec(content) ?? [];
  if (sign === ':') return 'has ":" after the name. Write NAME=value, with "=".';
  if (sign === undefined || name === '') return 'is not of the form NAME=value.';
  const found = parseValue(rest);
  return found.fault === undefined ? { name, value: found.value } : found.fault;
}

function describeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

type Value = { value: string; fault?: undefined } | { fault: string };

function parseValue(rest: string): Value {
  const text = rest.trim();
  return /^["'`]/.test(text) ? parseQuoted(text) : parseBare(rest);
}

function parseQuoted(text: string): Value {
  const quote = text.charAt(0);
  const end = text.indexOf(quote, 1);
  if (end === -1) return { fault: `has a quote (${quote}) that is not closed on the same line.` };
  if (!/^\s*(#.*)?$/.test(text.slice(end + 1))) {
    return { fault: 'goes on after its closing quote. Put the whole value in one pair of quotes.' };
  }
  const value = text.slice(1, end);
  if (quote !== "'" && /[$\\]/.test(value)) {
    return {
      fault: 'has "$" or "\\", which is not replaced here. Put the value in single quotes.',
    };
  }
  return { value };
}

/** Some readers end a bare value at any "#", some not: only one after a space is a comment for all. */
function parseBare(rest: string): Value {
  const value = rest.replace(/\s#.*$/, '').trim();
  if (value.includes('#')) {
    return { fault: 'has "#" in its value. Put the value in single quotes.' };
  }
  if (/[$`]/.test(value)) {
    return {
      fault:
        'has "$" or "`", and nothing is replaced here. Write the value itself, in single quotes.',
    };
  }
  if (/["']/.test(value)) {
    return {
      fault: 'has a quote inside its value. Put the whole value in the other kind of quotes.',
    };
  }
  if (/^[“”„‟‘’‚‛«»‹›]/.test(value)) {
    return { fault: 'has typographic quotes. Use straight ones, or none.' };
  }
  if (/[;\\]$/.test(value)) {
    return {
      fault: `ends with "${value.slice(-1)}". Take it away, or put the value in single quotes.`,
    };
  }
  return { value };
}
