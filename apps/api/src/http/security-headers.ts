import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';
import type { Settings } from '../settings/settings.ts';

type HeaderSettings = Pick<Settings, 'isHttps' | 'hsts'>;

const HSTS_SECONDS = 2 * 365 * 86_400;

/** For everything that is no page: nothing it could load, frame or run. Pages bring their own. */
const strictestPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const unusedFeatures = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'];

/** The headers that every answer carries, by lower-case name. A page has a policy of its own. */
export const listSecurityHeaders = (settings: HeaderSettings): Record<string, string> => ({
  ...askHelmet(settings),
  'content-security-policy': strictestPolicy,
  'permissions-policy': unusedFeatures.map((feature) => `${feature}=()`).join(', '),
});

/** Sets the headers that every answer carries. */
export function addSecurityHeaders(server: FastifyInstance, settings: HeaderSettings): void {
  const headers = listSecurityHeaders(settings);
  server.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
}

/**
 * What Helmet sets. It is asked once: the answers' headers are the same for all, and its Fastify plugin
 * writes each of them past Fastify, which cost more than a whole answer of bare node:http.
 */
function askHelmet({ isHttps, hsts }: HeaderSettings): Record<string, string> {
  const headers: Record<string, string> = {};
  const apply = helmet({
    contentSecurityPolicy: false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    strictTransportSecurity: isHttps && describeHsts(hsts),
  });
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  apply(response.req, response, (error) => {
    if (error) throw new Error('Helmet refuses its settings.', { cause: error });
  });
  for (const name of response.getHeaderNames()) headers[name] = String(response.getHeader(name));
  return headers;
}

/** Never on plain http, where browsers ignore it. An age of 0 makes them forget what they were told. */
function describeHsts(hsts: Settings['hsts']) {
  if (hsts === 'off') return false;
  const maxAge = hsts === 'forget' ? 0 : HSTS_SECONDS;
  return { maxAge, includeSubDomains: hsts === 'subdomains' };
}
