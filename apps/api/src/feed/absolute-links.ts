// A tag, whose quoted values may hold `>`. In text the build leaves no `<`.
const tag = /<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi;
const attribute = /([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/g;
const quoted = /^(["']?)([\s\S]*)\1$/;

const resolve = (address: string, base: string) => URL.parse(address, base)?.href ?? address;

/** `a.png 1x, b.png 2x` */
function resolveSet(candidates: string, base: string): string {
  const resolveFirst = (candidate: string) =>
    candidate.replace(/^\S+/, (address) => resolve(address, base));
  return candidates
    .trim()
    .split(/\s*,\s+/)
    .map(resolveFirst)
    .join(', ');
}

const resolvers: Record<string, typeof resolve> = {
  href: resolve,
  src: resolve,
  poster: resolve,
  srcset: resolveSet,
};

/**
 * Writes the addresses in an article's HTML out, for readers elsewhere. Everything else stays as it
 * was, letter for letter.
 *
 * @param base the article's own address
 */
export function makeLinksAbsolute(html: string, base: string): string {
  return html.replace(tag, (whole) =>
    whole.replace(attribute, (text, name: string, equals: string, value: string) => {
      const key = name.toLowerCase();
      if (!Object.hasOwn(resolvers, key)) return text;
      const [, quote = '', address = ''] = quoted.exec(value) ?? [];
      return `${name}${equals}${quote}${resolvers[key]?.(address, base) ?? address}${quote}`;
    }),
  );
}
