import type { Settings } from '../settings/settings.ts';
import type { Finding } from './finding.ts';

const HIDDEN = '(hidden)';

function readPassword(url: string): string[] {
  const password = /^\w+:\/\//.test(url) ? new URL(url).password : '';
  return [password, decodeURIComponent(password)];
}

function listSecrets({ databaseUrl, mailPlace, oidc, metricsToken }: Settings): string[] {
  const login = typeof mailPlace === 'object' ? mailPlace.login : undefined;
  const secrets = [
    ...readPassword(databaseUrl),
    login?.password,
    login && encodeURIComponent(login.password),
    oidc?.clientSecret,
    metricsToken,
  ];
  return secrets.flatMap((secret) => secret || []);
}

/**
 * Takes the secrets of the settings out of findings: what other programs answer is told in them, and may
 * repeat what they were sent.
 */
export function hideSecrets(settings: Settings): (finding: Finding) => Finding {
  // The longest first: one may be the beginning of another.
  const secrets = [...new Set(listSecrets(settings))].sort((a, b) => b.length - a.length);
  const hide = (text: string) =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
  return ({ detail, advice, ...finding }) => ({
    ...finding,
    detail: hide(detail),
    ...(advice !== undefined && { advice: hide(advice) }),
  });
}
