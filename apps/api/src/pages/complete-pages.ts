import { describeEmailDomains } from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import type { Contact, MailPlace, OidcSettings, Settings } from '../settings/settings.ts';
import { escapeHtml } from '../text/escape-html.ts';
import { fillPage } from './fill-page.ts';
import { keepGzipped } from './gzip-pieces.ts';
import { settleHoles, type HoleValues, type PageTemplate } from './page-template.ts';
import { createLastingText, sendText } from './send-text.ts';
import type { Site, SiteFile, SitePage } from './site-file.ts';

type PageSettings = {
  contact: Contact | undefined;
  registration: Settings['registration'];
  allowedEmailDomains: string[];
  mailPlace?: MailPlace | undefined;
  oidc?: Pick<OidcSettings, 'label'> | undefined;
};

/**
 * The site with what the settings decide and the build does not know: how to reach the people who run
 * it, that it sends mail, who can register, and who else logs people in. It is the same for everybody, so
 * a public page stays one that anybody may cache; each is written once a build.
 */
export function completePages(site: Site, settings: PageSettings): Site {
  const values = listSettingValues(settings);
  if (values.size === 0) return site;
  const completed = new WeakMap<SitePage, SitePage>();
  const completeFile = (file: SiteFile): SiteFile => {
    if (file.kind !== 'page') return file;
    const page = completed.get(file) ?? completePage(file, values);
    completed.set(file, page);
    return page;
  };
  return {
    ...site,
    find: async (wanted) => {
      const file = await site.find(wanted);
      return file && completeFile(file);
    },
  };
}

function listSettingValues({
  contact,
  registration,
  allowedEmailDomains,
  mailPlace,
  oidc,
}: PageSettings): HoleValues {
  return new Map([
    ...(mailPlace ? [['mail', 'on'] as const] : []),
    ...(registration === 'open' ? [] : [['registration', registration] as const]),
    ...(oidc
      ? [['oidc', 'on'] as const, ['slot:oidc-label', escapeHtml(oidc.label)] as const]
      : []),
    ...(allowedEmailDomains.length > 0
      ? [
          ['domains', 'some'] as const,
          ['slot:email-domains', describeEmailDomains(allowedEmailDomains)] as const,
        ]
      : []),
    ...(contact
      ? [['contact', 'shown'] as const, ['contact-href', escapeHtml(contact.href)] as const]
      : []),
    ...(contact?.text ? [['contact-text', escapeHtml(contact.text)] as const] : []),
  ]);
}

function completePage(page: SitePage, values: HoleValues): SitePage {
  const built = page.readTemplate();
  const template: PageTemplate = settleHoles(built, values);
  if (template === built) return page;
  const html = fillPage(template, { reader: null });
  const lasting = createLastingText(html);
  const send = (reply: FastifyReply) => sendText(reply, 'text/html; charset=utf-8', lasting);
  const readTemplate = () => template;
  const readGzipped = page.readGzipped && keepGzipped(readTemplate);
  return { ...page, html, readTemplate, readGzipped, send: page.send && send };
}
