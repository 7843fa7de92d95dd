/**
 * The OpenID provider, by openid-client, which is loaded when somebody first goes there (record 59).
 * Nothing is asked of it before, so that a provider that is away keeps nobody else waiting.
 *
 * @see docs/decisions/0080-log-in-with-a-provider.md
 */
import type * as OpenidClient from 'openid-client';
import type { Log } from '../process/log.ts';
import type { OidcSettings } from '../settings/settings.ts';
import { fetchBounded, PATIENCE_MS } from './bounded-fetch.ts';
import type { Challenge } from './oidc-attempt.ts';
import { explainFault, ProviderFault } from './provider-fault.ts';
import { findClaim, readPerson, type Claims, type ProviderPerson } from './read-claims.ts';

const load = () => import('openid-client');

const KNOWN_MS = 3_600_000;
/** A provider that has just failed is not asked again at once. */
const PAUSE_MS = 5000;
const SUBJECT_MAX_LENGTH = 255;

/** Whom the provider vouches for. */
export type ProviderAnswer = ProviderPerson & {
  issuer: string;
  subject: string;
  /** When the person last logged in there; null where it does not say. */
  authenticatedAt: Date | null;
};

type Visit = Challenge & {
  /** Where the provider sends the person back to. */
  returnAddress: string;
};

type Metadata = OpenidClient.ServerMetadata;

/** @throws {ProviderFault} from each of its functions, and nothing else */
export function createProvider(settings: OidcSettings, log: Pick<Log, 'warn'>) {
  const { issuer, clientId, clientSecret, label, rolesClaim } = settings;
  const isPlain = issuer.startsWith('http:');
  let known: { metadata: Metadata; at: number } | undefined;
  let failed: { fault: ProviderFault; at: number } | undefined;
  let asking: Promise<Metadata> | undefined;

  async function ask(): Promise<Metadata> {
    const client = await load();
    try {
      const configuration = await client.discovery(new URL(issuer), clientId, {}, client.None(), {
        timeout: PATIENCE_MS / 1000,
        [client.customFetch]: fetchBounded,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked to stand out; on this machine alone
        ...(isPlain && { execute: [client.allowInsecureRequests] }),
      });
      const metadata = { ...configuration.serverMetadata() };
      if (new URL(metadata.issuer).href !== new URL(issuer).href) {
        throw new ProviderFault('oidc-away', 'The provider calls itself by another name.');
      }
      known = { metadata, at: Date.now() };
      return metadata;
    } catch (error) {
      const fault = new ProviderFault('oidc-away', explainFault(error).message);
      failed = { fault, at: Date.now() };
      log.warn({ reason: fault.message }, 'The OpenID provider cannot be asked what it offers.');
      throw fault;
    }
  }

  async function findMetadata(): Promise<Metadata> {
    if (known && Date.now() - known.at < KNOWN_MS) return known.metadata;
    if (failed && Date.now() - failed.at < PAUSE_MS) {
      if (known) return known.metadata;
      throw failed.fault;
    }
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    try {
      return await asking;
    } catch (fault) {
      if (known) return known.metadata;
      throw fault;
    }
  }

  /** Made anew each time: its keys are then read anew too, and one that the provider gave up is dead. */
  async function configure() {
    const metadata = await findMetadata();
    const client = await load();
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = metadata;
    const authentication = methods.includes('client_secret_basic')
      ? client.ClientSecretBasic(clientSecret)
      : client.ClientSecretPost(clientSecret);
    const configuration = new client.Configuration(metadata, clientId, {}, authentication);
    configuration.timeout = PATIENCE_MS / 1000;
    configuration[client.customFetch] = fetchBounded;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked to stand out; on this machine alone
    if (isPlain) client.allowInsecureRequests(configuration);
    client.enableNonRepudiationChecks(configuration);
    return { client, configuration, metadata };
  }

  /** The address to send a person to. `isFresh` asks the provider to have them log in once more. */
  async function writeAddress(visit: Visit, { isFresh = false } = {}): Promise<string> {
    const { client, configuration, metadata } = await configure();
    const { scopes_supported: offered = [] } = metadata;
    const scopes = ['openid', 'email', 'profile'];
    if (rolesClaim !== undefined && offered.includes(rolesClaim)) scopes.push(rolesClaim);
    try {
      const address = client.buildAuthorizationUrl(configuration, {
        redirect_uri: visit.returnAddress,
        scope: scopes.join(' '),
        state: visit.state,
        nonce: visit.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(visit.verifier),
        code_challenge_method: 'S256',
        ...(isFresh && { prompt: 'login', max_age: '0' }),
      });
      return address.href;
    } catch (error) {
      throw new ProviderFault('oidc-away', explainFault(error).message);
    }
  }

  /**
   * Takes a person's way back apart: the code is changed for a token, which must be signed by the
   * provider, for this site, for this visit, and not be over.
   *
   * @param search the query that the provider sent the person back with
   */
  async function readAnswer(visit: Visit, search: string): Promise<ProviderAnswer> {
    const { client, configuration, metadata } = await configure();
    try {
      const tokens = await client.authorizationCodeGrant(
        configuration,
        new URL(search, visit.returnAddress),
        {
          pkceCodeVerifier: visit.verifier,
          expectedState: visit.state,
          expectedNonce: visit.nonce,
          idTokenExpected: true,
        },
      );
      const claims = tokens.claims();
      if (!claims) throw new ProviderFault('oidc-failed', 'There is no ID token.');
      const { sub: subject, azp, auth_time: authTime } = claims;
      if (azp !== undefined && azp !== clientId) {
        throw new ProviderFault('oidc-failed', 'The ID token was issued to another site.');
      }
      if (subject.length === 0 || subject.length > SUBJECT_MAX_LENGTH) {
        throw new ProviderFault('oidc-failed', 'The ID token names nobody.');
      }
      const isWhole =
        'email' in claims &&
        (rolesClaim === undefined || findClaim(claims, rolesClaim) !== undefined);
      const beside: Claims =
        isWhole || metadata.userinfo_endpoint === undefined
          ? {}
          : await client.fetchUserInfo(configuration, tokens.access_token, subject);
      return {
        issuer: claims.iss,
        subject,
        authenticatedAt: authTime === undefined ? null : new Date(authTime * 1000),
        ...readPerson(claims, beside, rolesClaim),
      };
    } catch (error) {
      const fault = explainFault(error);
      if (fault.kind !== 'oidc-cancelled') {
        log.warn({ reason: fault.message }, 'A visit to the OpenID provider came to nothing.');
      }
      throw fault;
    }
  }

  return { label, issuer: new URL(issuer).href, writeAddress, readAnswer };
}

export type Provider = ReturnType<typeof createProvider>;
