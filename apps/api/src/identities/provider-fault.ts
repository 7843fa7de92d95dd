/** Why a visit to the provider came to nothing, for the person. */
type Kind = 'oidc-away' | 'oidc-cancelled' | 'oidc-failed';

/** The provider is away, was left, or answered what does not hold. The message is for the log. */
export class ProviderFault extends Error {
  readonly kind: Kind;

  constructor(kind: Kind, message: string) {
    super(message);
    this.name = 'ProviderFault';
    this.kind = kind;
  }
}

type Detailed = { name?: unknown; code?: unknown; error?: unknown; status?: unknown };

/** Codes of openid-client for a provider that did not answer as one does. */
const away = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
]);
const refusals = new Set(['access_denied', 'interaction_required', 'login_required']);
const troubles = new Set(['server_error', 'temporarily_unavailable']);

/**
 * What a fault of openid-client means. Of what the provider wrote, only its words for errors go into the
 * message: the rest may hold a code or a token.
 */
export function explainFault(fault: unknown): ProviderFault {
  if (fault instanceof ProviderFault) return fault;
  if (!(fault instanceof Error)) return new ProviderFault('oidc-failed', 'Something was thrown.');
  const { code, error } = fault as Detailed;
  const word = typeof error === 'string' && /^[\w-]{1,50}$/.test(error) ? error : undefined;
  const text = [fault.message, typeof code === 'string' ? code : '', word ?? ''].join(' ').trim();
  if (word !== undefined && refusals.has(word)) return new ProviderFault('oidc-cancelled', text);
  if (word !== undefined && troubles.has(word)) return new ProviderFault('oidc-away', text);
  const isAway = fault.name === 'TimeoutError' || isNetworkFault(fault, code);
  return new ProviderFault(isAway ? 'oidc-away' : 'oidc-failed', text);
}

const isNetworkFault = (fault: Error, code: unknown) =>
  (typeof code === 'string' && away.has(code)) ||
  (fault instanceof TypeError && code === undefined);
