/**
 * The code of a link, found in what came of the link: in a fragment, or in a field where somebody
 * pasted the link, its code, or the sentence around them. Null where no whole code is in it.
 *
 * The page's own script runs it before anything is loaded, so it uses nothing outside of itself.
 */
export function findLinkCode(text: string): string | null {
  const length = 43;
  const decode = (encoded: string) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return ' ';
    }
  };
  let plain = text;
  // Mail programs and trackers encode an address that is encoded already.
  for (let round = 0; round < 3; round += 1) plain = plain.replace(/(?:%[0-9a-f]{2})+/gi, decode);
  plain = plain.replace(/\p{Default_Ignorable_Code_Point}/gu, '');

  /** A run of the right length, else neighbours that a line break or a sign has parted. */
  const joinRuns = (runs: string[]): string | null => {
    let joined = '';
    for (const run of runs) {
      joined += run;
      if (joined.length >= length) break;
    }
    return joined.length === length ? joined : null;
  };
  const runsOf = (part: string) => part.match(/[\w-]+/g) ?? [];

  const [, marked] = /(?:token|code|invite)\s*=\s*(.*)/is.exec(plain) ?? [];
  if (marked !== undefined) {
    const runs = runsOf(marked.split('&', 1)[0] ?? '');
    const [first = '', ...rest] = runs;
    // Mail in "quoted-printable" writes =3D for =, and a sign such as _ may stand behind the code.
    const bare = first.length > length && /^3D/i.test(first) ? first.slice(2) : first;
    if (bare.length >= length) return bare.slice(0, length);
    return (
      joinRuns([first, ...rest]) ??
      (/^3D/i.test(first) ? joinRuns([first.slice(2), ...rest]) : null)
    );
  }
  const runs = runsOf(plain);
  const whole = runs.find((run) => run.length === length);
  return whole ?? joinRuns(runs);
}
