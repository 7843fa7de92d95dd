// Better Auth as its documentation starts it: SQLite by node:sqlite, and its handler on node:http.
// usage: node server.mjs FOLDER PORT PEOPLE SESSIONS
import { createHmac, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';

const [folder = '', port = '', people = '', sessions = ''] = process.argv.slice(2);
const secret = randomBytes(32).toString('base64');
const database = new DatabaseSync(path.join(folder, 'better-auth.sqlite'));
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
const auth = betterAuth({
  database,
  secret,
  baseURL: `http://127.0.0.1:${port}`,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

const { internalAdapter, authCookies } = await auth.$context;
const users = [];
for (let index = 0; index < Number(people); index += 1) {
  const email = `person-${index}@bench.example`;
  users.push(await internalAdapter.createUser({ name: 'Bench', email, emailVerified: true }));
}
const cookies = [];
for (let index = 0; index < Number(sessions); index += 1) {
  const { token } = await internalAdapter.createSession(users[index % users.length].id);
  const signature = createHmac('sha256', secret).update(token).digest('base64');
  cookies.push(`${authCookies.sessionToken.name}=${encodeURIComponent(`${token}.${signature}`)}`);
}
writeFileSync(path.join(folder, 'cookies.txt'), cookies.join('\n'));
createServer(toNodeHandler(auth)).listen(Number(port), '127.0.0.1');
