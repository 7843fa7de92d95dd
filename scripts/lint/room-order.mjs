// @ts-check
import path from 'node:path';

import { root } from '../workspace.mjs';
import { visitImports } from './visit-imports.mjs';

const source = path.join(root, 'apps/api/src');

/**
 * The rooms of the server from top to bottom, and the files beside them. Each imports only from itself
 * and from what stands below it, types too. Tests import what they like.
 *
 * @see docs/decisions/0051-rooms-in-storeys.md
 */
const rooms = [
  'testing',
  'main.ts',
  'serve.ts',
  'server.ts',
  'create-server-deps.ts',
  'purge.ts',
  'start-mail.ts',
  'seed.ts',
  'migrate.ts',
  'print-settings.ts',
  'admin',
  'site',
  'trpc',
  'operator',
  'acts',
  'account',
  'email-confirmations',
  'secure-account',
  'password-resets',
  'passkeys',
  'oidc',
  'factors',
  'feed',
  'auth',
  'articles',
  'secrets',
  'search',
  'procedures',
  'doctor',
  'pages',
  'http',
  'notices',
  'approvals',
  'mail',
  'email-links',
  'invitations',
  'figures',
  'activity',
  'security-log',
  'sessions',
  'limits',
  'passwords',
  'second-factors',
  'identities',
  'users',
  'process',
  'tokens',
  'addresses',
  'text',
  'settings',
];

/** They are about values and rows, whoever asks for them. */
const withoutRequests = new Set(
  'notices approvals mail email-links invitations figures activity security-log sessions limits passwords second-factors identities users tokens addresses text settings'.split(
    ' ',
  ),
);
const ofRequests = /^(fastify|@fastify\/.+|@trpc\/.+|cookie)$/;

/** @type {import('eslint').Rule.RuleModule} */
export const roomOrder = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      above:
        '{{room}} may not import "{{imported}}": {{target}} is above it. Take what is needed as a parameter, or move what both need into a room below.',
      unknown:
        '{{room}} has no place among the rooms of the server. Give it one in scripts/lint/room-order.mjs.',
      requests:
        '{{room}} may not import "{{imported}}": it knows neither requests nor answers. Take values as parameters, or move this to http or above.',
    },
  },
  create(context) {
    const file = context.filename;
    if (!file.startsWith(source + path.sep) || file.endsWith('.test.ts')) return {};
    const room = findRoom(file);
    if (!rooms.includes(room)) {
      return {
        Program: (node) => context.report({ node, messageId: 'unknown', data: { room } }),
      };
    }
    return visitImports((node, imported) => {
      const isRelative = imported.startsWith('.');
      const target = isRelative ? findRoom(path.resolve(path.dirname(file), imported)) : '';
      const data = { room, imported, target };
      if (isRelative && rooms.indexOf(target) < rooms.indexOf(room)) {
        context.report({ node, messageId: 'above', data });
      } else if (withoutRequests.has(room) && ofRequests.test(imported)) {
        context.report({ node, messageId: 'requests', data });
      }
    });
  },
};

/** The folder of a file below the sources, or the file itself where it lies beside the folders. */
function findRoom(/** @type {string} */ file) {
  return path.relative(source, file).split(path.sep)[0] ?? '';
}
