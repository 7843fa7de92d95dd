/**
 * Whether an address, in the form that is kept, is of one of these domains; without any, every one is. A
 * domain stands for itself alone, and `*.example.org` for all below example.org.
 *
 * @param allowed in lower-case ASCII
 */
export function isEmailDomainAllowed(email: string, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return true;
  // A quoted part before the @ may hold one too.
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return allowed.some((one) =>
    one.startsWith('*.') ? domain.endsWith(one.slice(1)) : domain === one,
  );
}

/** "example.org", "example.org or any domain below school.example", for a sentence. */
export function describeEmailDomains(allowed: readonly string[]): string {
  const words = allowed.map((one) =>
    one.startsWith('*.') ? `any domain below ${one.slice(2)}` : one,
  );
  return words.length > 1
    ? `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`
    : words.join();
}

/** What to enter instead of an address of another domain. */
export const explainEmailDomains = (allowed: readonly string[]): string =>
  `Please enter an email of ${describeEmailDomains(allowed)}.`;
