/** An OpenID provider that people may log in with. */
export type OidcSettings = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What the button says after "Log in with". */
  label: string;
  /** The claim that has the names of a person's roles, or undefined where roles are given here alone. */
  rolesClaim: string | undefined;
};

type OidcVariables = {
  OIDC_ISSUER?: string | undefined;
  OIDC_CLIENT_ID?: string | undefined;
  OIDC_CLIENT_SECRET?: string | undefined;
  OIDC_LABEL?: string | undefined;
  OIDC_ROLES_CLAIM?: string | undefined;
};

/** Undefined where a part is missing, which the conflicts name. */
export function chooseOidc(env: OidcVariables): OidcSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined)
    return undefined;
  const { OIDC_LABEL: label = new URL(issuer).host, OIDC_ROLES_CLAIM: rolesClaim } = env;
  return { issuer, clientId, clientSecret, label, rolesClaim };
}

const needed = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'];
const all = [...needed, 'OIDC_LABEL', 'OIDC_ROLES_CLAIM'];
const list = new Intl.ListFormat('en');

/** The three that belong together are set together, and the others beside them. */
export function findOidcConflict(given: Record<string, string>): string[] {
  const set = all.filter((name) => given[name] !== undefined);
  const missing = needed.filter((name) => given[name] === undefined);
  if (set.length === 0 || missing.length === 0) return [];
  const verb = set.length === 1 ? 'needs' : 'need';
  return [`${list.format(set)} ${verb} ${list.format(missing)}: what the provider gave this site.`];
}
