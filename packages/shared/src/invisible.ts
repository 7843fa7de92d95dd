/** Blank characters other than the space and those that break a line. */
const blank = '\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u2800\\u3000\\p{Zl}\\p{Zp}';
const showsNothing = new RegExp(`[\\p{Default_Ignorable_Code_Point}${blank}]`, 'gu');
/** Without joiners, variation selectors, tags and fillers: letters and emoji need those. */
const noPartOfText = /[\u00ad\u180e\u200b\u2060-\u2064\ufeff]/g;
const joiners = /[\u200c\u200d]+/g;
const letterThatJoins =
  /(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Inherited}])[\p{L}\p{M}]/u;
const picture = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;
const fullWidth = /[\uff01-\uff5e]/g;
const FULL_WIDTH_OFFSET = 0xfee0;

const characterBefore = (text: string, offset: number) =>
  [...text.slice(Math.max(0, offset - 2), offset)].at(-1) ?? '';
const characterAt = (text: string, offset: number) =>
  String.fromCodePoint(text.codePointAt(offset) ?? 0);

/**
 * What somebody typed or pasted to say who they are: without characters that show nothing, and with
 * letters, digits and signs of full width as plain ones. Joiners between letters that need them stay.
 */
export function cleanIdentifier(text: string): string {
  return text
    .replace(showsNothing, (sign, offset: number) => {
      if (!/[\u200c\u200d]/.test(sign)) return '';
      const isBetween =
        letterThatJoins.test(characterBefore(text, offset)) &&
        letterThatJoins.test(characterAt(text, offset + 1));
      return isBetween ? sign : '';
    })
    .replace(fullWidth, (sign) => String.fromCharCode(sign.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replaceAll('\ufe6b', '@')
    .trim();
}

/** A name without characters that show nothing and do nothing for their neighbours. */
export function cleanName(text: string): string {
  return text
    .replace(noPartOfText, '')
    .replace(joiners, (signs, offset: number, whole: string) => {
      const before = characterBefore(whole, offset);
      const isNeeded = letterThatJoins.test(before) || picture.test(before);
      return isNeeded ? signs.slice(0, 1) : '';
    })
    .trim();
}

/** Whether a text has anything in it that can be seen. */
export function isVisible(text: string): boolean {
  return /[^\p{Default_Ignorable_Code_Point}\p{Z}\p{C}\p{M}\u2800]/u.test(text);
}

/** Whether a text holds characters that change the direction of the text around it, or break its line. */
export function changesTextDirection(text: string): boolean {
  return /[\p{Bidi_Control}\u206a-\u206f\ufff9-\ufffb\p{Zl}\p{Zp}]/u.test(text);
}
