import * as z from 'zod/mini';

/** No character in NFC can be typed with more: four letters of Gurung Khema take six. */
const UNITS_PER_CHARACTER = 6;

/**
 * Refuses a text that is too long in any form, and ends its check there: to normalize 16,000
 * combining marks takes 100 ms. Put it before whatever normalizes, matches or splits the text.
 *
 * @param most characters (code points in NFC) that the field takes
 * @param error what the field says when there are more
 */
export function limitLength(most: number, error: string) {
  return z.refine<string>((text) => text.length <= most * UNITS_PER_CHARACTER, {
    error,
    abort: true,
  });
}
