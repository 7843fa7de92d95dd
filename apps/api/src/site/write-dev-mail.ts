import { createHash } from 'node:crypto';
import { MAIL_COLORS, SITE_NAME, type MailColors } from '@latchkey/shared';
import type { KeptMail } from '../mail/kept-mails.ts';
import { escapeHtml } from '../text/escape-html.ts';

type Place = {
  /** The page's own path; each mail is below it. */
  path: string;
  sandbox: string;
  /** How many mails are still in the queue. */
  waiting: number;
};

const writeColors = ({ paper, surface, ink, soft, line, action }: MailColors) =>
  `--paper: ${paper}; --surface: ${surface}; --ink: ${ink}; --soft: ${soft}; --line: ${line}; --action: ${action};`;

const style = `
:root { color-scheme: light dark; ${writeColors(MAIL_COLORS.light)} }
@media (prefers-color-scheme: dark) { :root { ${writeColors(MAIL_COLORS.dark)} } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
a { color: var(--action); }
details { margin: 1rem 0; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--surface); }
summary { padding: 0.75rem 1rem; cursor: pointer; overflow-wrap: anywhere; }
summary h2 { display: inline; font-size: 1.0625rem; }
.soft { color: var(--soft); }
summary .soft { display: block; font-size: 0.875rem; }
.mail { padding: 0 1rem 1rem; }
h3 { margin: 1rem 0 0.5rem; font-size: 1rem; }
iframe { box-sizing: border-box; width: 100%; height: 36rem; border: 1px solid var(--line); border-radius: 0.25rem; resize: vertical; }
pre { margin: 0; padding: 0.75rem; border: 1px solid var(--line); border-radius: 0.25rem; font: 0.875rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
`;

/** What the page may load: its own style, and the mails in their frames. */
export const devMailPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The page of a development server's mails, the newest first and open. */
export function writeDevMail(mails: readonly KeptMail[], place: Place): string {
  const title = `Mails of ${escapeHtml(SITE_NAME)}`;
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>${title}</title>
  <style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>Mails of this development server are shown here and sent to nobody. They are kept in memory, until the server restarts.</p>
<p>${describeQueue(place.waiting)} <a href="${place.path}">Look again</a></p>
${mails.map((mail, index) => writeMail(mail, place, index === 0)).join('\n')}
</main>
</body>
</html>
`;
}

function describeQueue(waiting: number): string {
  if (waiting === 0) return 'No mail waits.';
  const mails = waiting === 1 ? '1 mail waits' : `${waiting} mails wait`;
  return `${mails}. A notice waits a minute for others that go with it.`;
}

function writeMail(mail: KeptMail, { path, sandbox }: Place, isOpen: boolean): string {
  const { number, subject, recipient, sentAt, text } = mail;
  const time = sentAt.toISOString();
  return `<details${isOpen ? ' open' : ''}>
<summary><h2>${escapeHtml(subject)}</h2> <span class="soft">To ${escapeHtml(recipient)}, <time datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time></span></summary>
<div class="mail">
<h3>HTML</h3>
<iframe src="${path}/${number}" sandbox="${sandbox}" loading="lazy" title="Mail ${number}: ${escapeHtml(subject)}"></iframe>
<h3>Text</h3>
<pre>${linkAddresses(text)}</pre>
</div>
</details>`;
}

const linkAddresses = (text: string) =>
  escapeHtml(text).replaceAll(
    /https?:\/\/[^\s<]+/g,
    (address) => `<a href="${address}" target="_blank" rel="noopener">${address}</a>`,
  );
