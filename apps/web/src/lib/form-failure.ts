import { describeRetry, isMessageId, type MessageId } from '@latchkey/shared';
import { replaceUnlessEdited } from './sent-values.ts';
import { findInput, hasPlaceFor, showFieldErrors } from './field-errors.ts';
import { showFlash } from './flash.ts';
import { moveFocus } from './focus.ts';
import type { Failure } from './trpc.ts';

const fieldsToRetype: Partial<Record<Failure['reason'], string>> = {
  'invalid-credentials': 'password',
  'wrong-password': 'password',
  'unknown-email': 'identifier',
};

export function messageOf({ reason, fieldErrors }: Failure): MessageId {
  if (fieldErrors || reason === 'too-large') return 'invalid-input';
  return isMessageId(reason) ? reason : 'unexpected-error';
}

function leadToField(form: HTMLFormElement, name: string): void {
  const input = findInput(form, name);
  if (input?.name === 'password') replaceUnlessEdited(input, '');
  moveFocus(form, input);
}

/** "You can try again in …", where it is known when. */
export function describeWait({ retryAfterSeconds }: Failure): string {
  return retryAfterSeconds ? describeRetry(retryAfterSeconds) : '';
}

/** Says what went wrong, and leads to the field to correct. What was typed stays. */
export function showFailure(form: HTMLFormElement, failure: Failure): void {
  const { fieldErrors, ...rest } = failure;
  const { reason } = failure;
  const isMarked = fieldErrors !== undefined && hasPlaceFor(form, fieldErrors);
  showFlash(messageOf(isMarked ? failure : rest), form, describeWait(failure));
  if (fieldErrors) showFieldErrors(form, fieldErrors);
  const field = fieldsToRetype[reason];
  if (field) leadToField(form, field);
}
