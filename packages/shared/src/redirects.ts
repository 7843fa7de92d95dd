import * as z from 'zod/mini';
import { BUILD_FOLDER } from './file-address.ts';

/** What the build knows of former addresses: path → where what was there is now. */
export const siteRedirects = z.record(
  z.string(),
  z.object({
    status: z.number(),
    /** A path of this site, encoded, or another site's address. */
    location: z.string(),
  }),
);
export type SiteRedirects = z.infer<typeof siteRedirects>;

/** Where the build puts it, below the built site's folder. */
export const REDIRECTS_FILE = `${BUILD_FOLDER}redirects.json`;
