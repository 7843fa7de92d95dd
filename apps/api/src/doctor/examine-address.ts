import { nameCookie } from '@latchkey/shared';
import { sessionCookie } from '../http/session-cookies.ts';
import type { Settings } from '../settings/settings.ts';
import { ok, problem, warning, type Finding } from './finding.ts';

const loopback = ['localhost', '127.0.0.1', '::1'];

/** Cookies, proxies and where the server listens, against the address that people see. */
export function examineAddress(settings: Settings): Finding[] {
  const { publicOrigin, isHttps, allowedOrigins, explainLoginErrors, metricsToken } = settings;
  const findings = [isHttps ? examineHttps(settings) : examineHttp(settings)];
  const plain = allowedOrigins.filter((origin) => {
    const { protocol, hostname } = new URL(origin);
    return protocol === 'http:' && !loopback.includes(hostname);
  });
  if (isHttps && plain.length > 0) {
    const advice =
      'Attackers on the network can change its pages and act as its visitors. Use https.';
    findings.push(warning('origins', `ALLOWED_ORIGINS holds ${plain.join(', ')}`, advice));
  }
  if (isHttps && explainLoginErrors) {
    const advice = 'It tells strangers who has an account. Set it to false.';
    findings.push(warning('log-in', 'EXPLAIN_LOGIN_ERRORS is true', advice));
  }
  const cookieName = nameCookie(sessionCookie, new URL(publicOrigin));
  const cookie = isHttps
    ? `${cookieName}, Secure, for ${publicOrigin} only`
    : `${cookieName}, without Secure, as browsers want it for ${publicOrigin}`;
  const metrics =
    metricsToken === undefined
      ? 'only to programs on this machine'
      : 'to anyone who sends METRICS_TOKEN';
  return [...findings, ok('cookie', cookie), ok('metrics', metrics)];
}

function examineHttps({ publicOrigin, trustedProxies, host }: Settings): Finding {
  if (trustedProxies === 0) {
    return problem(
      'proxy',
      `PUBLIC_URL is ${publicOrigin}, but TRUST_PROXY is 0`,
      'Behind a proxy, all visitors have the address of the proxy and share one limit. Set TRUST_PROXY to the number of proxies.',
    );
  }
  if (!loopback.includes(host)) {
    return warning(
      'proxy',
      `HOST is ${host} and TRUST_PROXY is ${trustedProxies}`,
      'Anyone who reaches the port without the proxy can fake an address and avoid the limits. Set HOST to 127.0.0.1, or use a firewall that only lets the proxy in.',
    );
  }
  return ok('proxy', `${trustedProxies} in front, and only this machine can reach the port`);
}

function examineHttp({ publicOrigin, trustedProxies, host }: Settings): Finding {
  if (!loopback.includes(host)) {
    return problem(
      'address',
      `HOST is ${host}, which other machines can reach, but PUBLIC_URL is ${publicOrigin}`,
      'Passwords would not be encrypted. Put a proxy with a certificate in front and set PUBLIC_URL to its https address, or set HOST to 127.0.0.1.',
    );
  }
  if (trustedProxies > 0) {
    return warning(
      'proxy',
      `TRUST_PROXY is ${trustedProxies}, but PUBLIC_URL is ${publicOrigin}`,
      'Set PUBLIC_URL to the https address that people see, or TRUST_PROXY to 0.',
    );
  }
  return ok('address', `${publicOrigin}, for this machine only`);
}
