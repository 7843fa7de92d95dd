import { parseSettings } from '../settings/settings.ts';

/** Settings of a server of the tests' own site, which `scripts/fixture.mjs` builds. */
export const fixtureSite = { LATCHKEY_SITE_ROOT: '.cache/fixture' };

/** The same for a process of its own, which has the lists of that site too and reads no file of settings. */
export const fixtureProcess = {
  ...fixtureSite,
  // Not the folder of whoever runs the tests.
  DATA_DIR: '.cache/test-data',
  LATCHKEY_ENV_FILE: '',
  NODE_OPTIONS: '--conditions=fixture',
};

export const { siteFolder: builtFolder } = parseSettings(fixtureSite);
