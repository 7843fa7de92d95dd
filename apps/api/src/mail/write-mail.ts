import { MAIL_COLORS, SITE_NAME, type MailColors } from '@latchkey/shared';
import { escapeHtml } from '../text/escape-html.ts';

/** What a mail says, in plain sentences: both its text and its HTML are made of it. */
export type Letter = {
  subject: string;
  /** Before the link. */
  opening: string[];
  link: { label: string; address: string };
  /** After the link. */
  closing: string[];
};

const LINE_LENGTH = 72;

/** Writes a letter as text and as HTML. It holds no name and nothing else that a stranger can choose. */
export function writeMail(letter: Letter, siteAddress: string) {
  const { subject, opening, link, closing } = letter;
  const end = `${SITE_NAME}, ${siteAddress}`;
  const paragraphs = [
    'Hello,',
    ...opening,
    `${link.label}:`,
    link.address,
    ...closing,
    `-- \n${end}`,
  ];
  return {
    subject,
    // The address stays in one piece, and nothing stands beside it.
    text: `${paragraphs.map((part) => (part.includes('\n') || part === link.address ? part : wrap(part))).join('\n\n')}\n`,
    html: writeHtml(letter, end),
  };
}

/** Breaks a paragraph at spaces, for programs that do not. */
function wrap(paragraph: string): string {
  const lines = [''];
  for (const word of paragraph.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line && line.length + 1 + word.length > LINE_LENGTH) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.join('\n');
}

const writeColors = ({ paper, surface, ink, soft, line, action, onAction }: MailColors) => `
    body, .paper { background: ${paper} !important; }
    .plate { background: ${surface} !important; border-color: ${line} !important; }
    .plate p, h1 { color: ${ink} !important; }
    .plate .soft, .foot { color: ${soft} !important; }
    .site { color: ${action} !important; }
    .button { background: ${action} !important; color: ${onAction} !important; }`;

/** Colours stand in the elements too, because some programs drop styles from the head. */
function writeHtml({ subject, opening, link, closing }: Letter, end: string): string {
  const { light, dark } = MAIL_COLORS;
  const paragraph = (text: string) =>
    `<p style="margin:0 0 16px;color:${light.ink};overflow-wrap:anywhere">${escapeHtml(text)}</p>`;
  const soft = `margin:0 0 16px;color:${light.soft};font-size:14px;overflow-wrap:anywhere`;
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="supported-color-schemes" content="light dark">
  <title>${escapeHtml(subject)}</title>
  <style>
    :root { color-scheme: light dark; }
    @media (prefers-color-scheme: dark) {${writeColors(dark)}
    }
  </style>
</head>
<body style="margin:0;padding:0;background:${light.paper}">
<div class="paper" style="background:${light.paper};padding:24px 12px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif">
<div style="max-width:520px;margin:0 auto">
  <p class="site" style="margin:0 0 12px;color:${light.action};font-size:18px;font-weight:bold">${escapeHtml(SITE_NAME)}</p>
  <div class="plate" style="background:${light.surface};border:1px solid ${light.line};border-radius:8px;padding:24px 20px 8px">
    <h1 style="margin:0 0 16px;color:${light.ink};font-size:22px;line-height:1.3">${escapeHtml(subject)}</h1>
    ${['Hello,', ...opening].map(paragraph).join('\n    ')}
    <p style="margin:24px 0"><a class="button" href="${escapeHtml(link.address)}" style="display:inline-block;background:${light.action};color:${light.onAction};padding:12px 20px;border-radius:6px;font-weight:bold;text-decoration:none">${escapeHtml(link.label)}</a></p>
    ${closing.map(paragraph).join('\n    ')}
    <p class="soft" style="${soft}">If the button does not work, copy this address into your browser:<br>${escapeHtml(link.address)}</p>
  </div>
  <p class="foot" style="margin:16px 4px 0;color:${light.soft};font-size:14px">${escapeHtml(end)}</p>
</div>
</div>
</body>
</html>
`;
}
