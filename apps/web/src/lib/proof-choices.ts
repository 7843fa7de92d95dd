import type { SecondFactor } from '@latchkey/shared';

const names: Record<SecondFactor, string> = {
  authenticator: 'a code of your authenticator app',
  'recovery-code': 'a recovery code',
  passkey: 'your passkey',
};
const inOrder = ['authenticator', 'recovery-code', 'passkey'] as const;
const list = new Intl.ListFormat('en', { type: 'disjunction' });

/** Says what the person can show. */
export function describeChoices(factors: SecondFactor[]): string {
  const others = inOrder.filter((factor) => factors.includes(factor)).map((name) => names[name]);
  return `Your last proof is more than five minutes old. Please use ${list.format(['your password', ...others])}.`;
}

/** A button for the dialog, which people without passkeys do without. */
export function makePasskeyButton(): HTMLButtonElement {
  const button = document.createElement('button');
  button.className = 'button button-quiet';
  button.type = 'button';
  button.textContent = 'Use a passkey';
  return button;
}
