/**
 * Keeps codes out of the log: those of reset links, feeds and sessions. Each is 43 characters of
 * base64url, and whoever reads one in a log can use it, also where its address was mistyped.
 */

/** A run of characters that is long enough for a code, behind an escape of JSON or not. */
const codeInLine = /(\\u[\da-f]{4}|\\["\\/bfnrt])?[\w-]{40,}/gi;
/** A proxy, a mail program and a tracker may each encode an address once more. */
const MOST_DECODINGS = 6;
const LONGEST_PATH = 1000;
/** So many characters of a path that make no word may be a code. */
const MOST_WORDLESS = 24;

const feeds = /[/\\;]feed[/\\;%]/i;
const word = /^([A-Z]?[a-z]{3,14}([A-Z][a-z]{2,14}){0,4}|[A-Z]{3,8}|\d{1,8})$/;

/** Takes what may be a code out of a line of the log. */
export function hideCodes(line: string): string {
  return line.replace(codeInLine, (_run, escape: string | undefined) => `${escape ?? ''}…`);
}

/**
 * The path of an address as it may be logged: without its query, and only up to what may be a code.
 * A code is found where signs part it, its case is wrong, or it is encoded more than once.
 */
export function describePath(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  const decoded = path.length > LONGEST_PATH ? null : decodeFully(path)?.normalize('NFKC');
  if (decoded == null) return '/…';
  if (feeds.test(decoded)) return '/feed/…';
  return mayHoldCode(decoded) ? `${keepWords(decoded)}/…` : path;
}

/** A path without its percent-encoding; null where that is deeper than any program makes it. */
function decodeFully(path: string): string | null {
  let plain = path;
  for (let round = 0; round < MOST_DECODINGS; round += 1) {
    const decoded = plain.replace(/(?:%[\da-f]{2})+/gi, (bytes) =>
      Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
    );
    if (decoded === plain) return plain;
    plain = decoded;
  }
  return null;
}

const listWordless = (text: string) =>
  (text.match(/[a-z\d]+/gi) ?? []).filter((run) => !word.test(run));

/** Whether a decoded path may hold a code, in one piece or in several. */
function mayHoldCode(path: string): boolean {
  const long = path.match(/[\w-]{40,}/g) ?? [];
  const isWhole = long.some((run) => listWordless(run).some(({ length }) => length >= 4));
  return isWhole || listWordless(path).join('').length > MOST_WORDLESS;
}

/** The first parts of a path, as long as each is made of plain words. */
function keepWords(path: string): string {
  const parts = path.split(/[/\\]+/).filter(Boolean);
  const end = parts.findIndex((part) => !/^[a-z]{3,24}(-[a-z]{3,24})*$/.test(part));
  return parts
    .slice(0, end)
    .map((part) => `/${part}`)
    .join('');
}
