import { SITE_NAME } from '@latchkey/shared';
import type { Settings } from '../settings/settings.ts';
import { showEmail } from '../users/show-email.ts';
import type { BreachCheck } from './breached-passwords.ts';
import { readCommonPasswords } from './common-passwords.ts';
import { isRepeated } from './is-repeated.ts';

/** What the password itself tells. */
type OwnFault = 'common-password' | 'personal-password';
export type PasswordFault = OwnFault | 'breached-password';

const CONTEXT_WORD_MIN_LENGTH = 3;
const UNGUESSED_MIN_LENGTH = 6;

/** What an attacker would try for this person on this site: the words of its names and addresses. */
export function listContextWords(texts: (string | undefined)[]): string[] {
  return texts
    .flatMap((text) =>
      (text ?? '')
        .normalize('NFC')
        .toLowerCase()
        .split(/[^\p{L}\p{M}\p{N}]+/u),
    )
    .filter((word) => word.length >= CONTEXT_WORD_MIN_LENGTH)
    .sort((one, other) => other.length - one.length);
}

/**
 * Why a new password is too easy to guess, or null. It is refused when the whole of it is on the
 * list of common ones or repeats one character, or when little is left of it without the words of its context.
 */
export function findPasswordFault(
  password: string,
  contextWords: string[],
  commonPasswords: ReadonlySet<string>,
): OwnFault | null {
  const lowered = password.normalize('NFC').toLowerCase();
  if (commonPasswords.has(lowered) || isRepeated(lowered)) return 'common-password';
  const rest = contextWords.reduce((text, word) => text.replaceAll(word, ''), lowered);
  const isPersonal = rest !== lowered && [...rest].length < UNGUESSED_MIN_LENGTH;
  return isPersonal ? 'personal-password' : null;
}

type Person = { name: string; email: string; username?: string | null | undefined };

/** Why a person's new password is too easy to guess on this site, or null. */
export function findNewPasswordFault(
  { settings }: { settings: Pick<Settings, 'publicOrigin'> },
  person: Person,
  password: string,
): OwnFault | null {
  const { name, email, username } = person;
  const host = new URL(settings.publicOrigin).hostname;
  const words = [SITE_NAME, host, name, email, showEmail(email), username ?? undefined];
  return findPasswordFault(password, listContextWords(words), readCommonPasswords());
}

/** The same, and where that finds nothing, whether it is among the stolen ones: for when it is set. */
export async function judgeNewPassword(
  deps: { settings: Pick<Settings, 'publicOrigin'>; isBreached: BreachCheck },
  person: Person,
  password: string,
): Promise<PasswordFault | null> {
  const fault = findNewPasswordFault(deps, person, password);
  if (fault) return fault;
  return (await deps.isBreached(password)) ? 'breached-password' : null;
}
