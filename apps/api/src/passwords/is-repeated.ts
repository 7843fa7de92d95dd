const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const unseen = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Whether a password is nothing but spaces, or one character over and over. */
export function isRepeated(password: string): boolean {
  const seen = [...graphemes.segment(password)]
    .map(({ segment }) => segment.replace(unseen, ''))
    .filter((sign) => sign !== '');
  return new Set(seen).size <= 1;
}
