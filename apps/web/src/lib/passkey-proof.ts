import { parseNextPath, type MessageId } from '@latchkey/shared';
import { clearFlashes } from './flash.ts';
import { showFailure } from './form-failure.ts';
import { proveWithPasskey } from './prove-with-passkey.ts';

let isAsked = false;

/** Where the form leads. The server wrote it, and lets nothing else into it than the pages for operators. */
const readNext = (form: HTMLFormElement) =>
  parseNextPath(form.querySelector<HTMLInputElement>('[name="next"]')?.value) ?? '/';

/** Asks for a passkey in the place of a code, and goes on where the form leads. */
export async function usePasskey(form: HTMLFormElement): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  clearFlashes();
  const failure = await proveWithPasskey();
  isAsked = false;
  const next = readNext(form);
  if (!failure) location.replace(next);
  else if (failure.reason === 'sign-in-required') {
    const query = new URLSearchParams({ next }).toString();
    location.assign(`/login?${query}#${'sign-in-required' satisfies MessageId}`);
  } else showFailure(form, failure);
}
