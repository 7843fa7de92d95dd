const WINDOW = 12;
const BASE = 0x01000193;
/** What a character has grown to when it leaves the window. */
const grown = Array.from({ length: WINDOW }).reduce<number>((power) => Math.imul(power, BASE), 1);

const addCharacter = (hash: number, code: number) => (Math.imul(hash, BASE) + code) | 0;

function hashStart(text: string): number {
  let hash = 0;
  for (let at = 0; at < WINDOW; at += 1) hash = addCharacter(hash, text.charCodeAt(at));
  return hash;
}

/**
 * Looks for many texts at once, as Rabin and Karp do: each character of what is searched is looked at
 * once, however many texts there are. A site has thousands of sentences and hundreds of files.
 *
 * @returns what tells which of them stand in a text
 */
export function createSearch(wanted: string[]): (text: string) => Set<string> {
  const short = wanted.filter(({ length }) => length < WINDOW);
  const byStart = Map.groupBy(
    wanted.filter(({ length }) => length >= WINDOW),
    hashStart,
  );
  return (text) => {
    const found = new Set(short.filter((one) => text.includes(one)));
    let hash = 0;
    for (let end = 0; end < text.length; end += 1) {
      const start = end + 1 - WINDOW;
      hash = addCharacter(hash, text.charCodeAt(end));
      if (start > 0) hash = (hash - Math.imul(text.charCodeAt(start - 1), grown)) | 0;
      if (start < 0) continue;
      for (const one of byStart.get(hash) ?? []) if (text.startsWith(one, start)) found.add(one);
    }
    return found;
  };
}
