import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { Settings } from '../settings.ts';

const HSTS_SECONDS = 2 * 365 * 86_400;

/** For everything that is no page: nothing it could load, frame or run. Pages bring their own. */
const strictestPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const unusedFeatures = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'];

/** Sets the headers that every answer carries. */
export async function addSecurityHeaders(
  server: FastifyInstance,
  { isHttps, hsts }: Settings,
): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    strictTransportSecurity: isHttps && describeHsts(hsts),
  });
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', strictestPolicy);
    reply.header('permissions-policy', unusedFeatures.map((feature) => `${feature}=()`).join(', '));
  });
}

/** Never on plain http, where browsers ignore it. An age of 0 makes them forget what they were told. */
function describeHsts(hsts: Settings['hsts']) {
  if (hsts === 'off') return false;
  const maxAge = hsts === 'forget' ? 0 : HSTS_SECONDS;
  return { maxAge, includeSubDomains: hsts === 'subdomains' };
}
