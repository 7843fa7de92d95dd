import * as z from 'zod/mini';

/** What `secrets.list` returns: the members' pages, in their order on `/secrets`. */
export const membersContent = z.object({
  items: z.array(
    z.object({
      /** Stands in the fragment of its heading on `/secrets`. */
      id: z.string(),
      title: z.string(),
      summary: z.string(),
      /** The text, rendered as HTML by the site's build. */
      html: z.string(),
    }),
  ),
});
export type MembersContent = z.infer<typeof membersContent>;

/** Where the build puts it: a private file, as everything that is not listed as public. */
export const MEMBERS_CONTENT_PATH = '/secrets.json';
