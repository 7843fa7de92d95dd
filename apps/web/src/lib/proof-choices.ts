import type { SecondFactor } from '@latchkey/shared';
import type { Failure } from './trpc.ts';

const names: Record<SecondFactor, string> = {
  authenticator: 'a code of your authenticator app',
  'recovery-code': 'a recovery code',
  passkey: 'your passkey',
};
const inOrder = ['authenticator', 'recovery-code', 'passkey'] as const;
const list = new Intl.ListFormat('en', { type: 'disjunction' });

/** Says why somebody is asked who is there, and what they can show. */
export function describeChoices({ reason, secondFactor = [], provider }: Failure): string {
  const beside = provider ? ` Or confirm with ${provider} under Two-step log-in.` : '';
  const factors = inOrder.filter((factor) => secondFactor.includes(factor));
  const choices = factors.map((factor) => names[factor]);
  if (reason === 'code-required') {
    return `Your password alone is not enough here. Please use ${list.format(choices)}.`;
  }
  if (choices.length === 0) {
    return `You last entered your password more than five minutes ago. Please enter it again.${beside}`;
  }
  return `Your last log-in is more than five minutes ago. Please use ${list.format(['your password', ...choices])}.${beside}`;
}

/** A button for the dialog, which people without passkeys do without. */
export function makePasskeyButton(): HTMLButtonElement {
  const button = document.createElement('button');
  button.className = 'button button-quiet';
  button.type = 'button';
  button.textContent = 'Use a passkey';
  return button;
}
