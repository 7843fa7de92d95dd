/**
 * A browser on which a person has logged in before, whatever their password was then: its next log-in is
 * no news (record 65). It decides on nothing else; the limits go by `known-device.ts`.
 */
import { createPersonTags } from './person-tags.ts';

/** The key is the person's `DeviceKey`. */
export const seenBrowsers = createPersonTags('seen');
