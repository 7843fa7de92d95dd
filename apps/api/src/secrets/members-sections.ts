import {
  mayOpen,
  MEMBERS_CONTENT_PATH,
  membersContent,
  type MembersSection,
} from '@latchkey/shared';
import type { Site } from '../pages/site-file.ts';

/** The members' sections as the build left them for the server; none where the site has none. */
async function readSections(site: Site): Promise<MembersSection[]> {
  const text = await site.readText(MEMBERS_CONTENT_PATH);
  return text === null ? [] : membersContent.parse(JSON.parse(text)).items;
}

/** What somebody who is signed in may read of them, and whether that is all there is. */
export async function listSections(
  site: Site,
  roles: readonly string[],
): Promise<{ items: Omit<MembersSection, 'access'>[]; isAll: boolean }> {
  const sections = await readSections(site);
  const open = sections.filter(({ access }) => mayOpen(access, roles));
  return {
    items: open.map(({ access: _who, ...section }) => section),
    isAll: open.length === sections.length,
  };
}
