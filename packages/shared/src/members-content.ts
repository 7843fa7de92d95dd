import * as z from 'zod/mini';
import { accessValue } from './access.ts';

/** The members' pages, in their order on `/secrets`, as the build hands them to the server. */
export const membersContent = z.object({
  items: z.array(
    z.object({
      /** Stands in the fragment of its heading on `/secrets`. */
      id: z.string(),
      title: z.string(),
      summary: z.string(),
      /** The text, rendered as HTML by the site's build. */
      html: z.string(),
      /** Who may read it. */
      access: z._default(accessValue, 'members'),
    }),
  ),
});
export type MembersSection = z.infer<typeof membersContent>['items'][number];
/** What `secrets.list` returns: what the person may read. */
export type MembersContent = { items: Omit<MembersSection, 'access'>[] };

/** The path that rules have for a section. It has no address of its own. */
export const sectionPath = (id: string): string => `/secrets/${id}`;

/** Where the build puts it: a private file, as everything that is not listed as public. */
export const MEMBERS_CONTENT_PATH = '/secrets.json';
