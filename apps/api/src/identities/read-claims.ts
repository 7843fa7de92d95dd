import { NAME_MAX_LENGTH, personInput } from '@latchkey/shared';
import { readRoles } from './provider-roles.ts';

export type Claims = Record<string, unknown>;

/** What a provider says of a person that an account is made of. */
export type ProviderPerson = {
  name: string;
  /** Null where there is none, or the provider has not confirmed it. */
  email: string | null;
  roles: string[];
};

/**
 * An address counts only where the provider says that it has confirmed it: `true` and nothing like it.
 * Both are taken from the same text, so that one cannot vouch for the other's address.
 */
function readEmail(claims: Claims): string | null {
  if (claims['email_verified'] !== true) return null;
  const { data } = personInput.shape.email.safeParse(claims['email']);
  return data ?? null;
}

const asText = (claim: unknown) => (typeof claim === 'string' ? claim : '');

function readName(claims: Claims, email: string | null): string {
  const parts = [claims['given_name'], claims['family_name']].map(asText).join(' ').trim();
  const candidates = [asText(claims['name']), parts, asText(claims['preferred_username'])];
  for (const candidate of candidates) {
    const { data } = personInput.shape.name.safeParse(candidate.slice(0, NAME_MAX_LENGTH));
    if (data !== undefined) return data;
  }
  return (email ?? '').split('@', 1)[0]?.slice(0, NAME_MAX_LENGTH) ?? '';
}

/** A claim by its name, or by the names on the way to it, such as `realm_access.roles`. */
export function findClaim(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let found: unknown = claims;
  for (const part of name.split('.')) {
    const isThere = typeof found === 'object' && found !== null && Object.hasOwn(found, part);
    if (!isThere) return undefined;
    found = (found as Claims)[part];
  }
  return found;
}

/**
 * @param inToken what the signed token says
 * @param beside what the provider says when asked for more, where it was
 */
export function readPerson(
  inToken: Claims,
  beside: Claims,
  rolesClaim: string | undefined,
): ProviderPerson {
  const email = readEmail('email' in inToken ? inToken : beside);
  const named = rolesClaim === undefined ? undefined : findClaim(inToken, rolesClaim);
  const roles = rolesClaim === undefined ? [] : readRoles(named ?? findClaim(beside, rolesClaim));
  return { name: readName({ ...beside, ...inToken }, email), email, roles };
}
