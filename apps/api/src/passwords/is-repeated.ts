const unseen = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/gu;

let graphemes: Intl.Segmenter | undefined;

/** Whether a password is nothing but spaces, or one character over and over. */
export function isRepeated(password: string): boolean {
  // Made when it is first needed: it reads tables for which a server that starts is not to wait.
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  const seen = [...graphemes.segment(password)]
    .map(({ segment }) => segment.replace(unseen, ''))
    .filter((sign) => sign !== '');
  return new Set(seen).size <= 1;
}
