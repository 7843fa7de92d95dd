import * as z from 'zod/mini';
import { isCleanText } from './fields.ts';
import { limitLength } from './limit-length.ts';
import { REASON_MAX_LENGTH } from './limits.ts';
import { messages } from './messages.ts';

const invalidReason = messages['invalid-reason'];

/** Why an operator does something; its person reads it in their own activity. */
export const actReason = z.string({ error: invalidReason }).check(
  limitLength(REASON_MAX_LENGTH, invalidReason),
  z.trim(),
  z.minLength(1, invalidReason),
  z.refine((text) => [...text].length <= REASON_MAX_LENGTH, invalidReason),
  z.refine(isCleanText, invalidReason),
);
