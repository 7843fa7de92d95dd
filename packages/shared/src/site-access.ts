import {
  createFindAccess,
  createFindRule,
  findRule as findOwnRule,
  type Access,
  type AccessRules,
  type FindRule,
} from './access.ts';
import { findPageAccess } from './page-access.ts';
import { accessRules } from '#site/access-rules';

/** The rules of one site, and what they say of its paths. */
export type SiteAccess = {
  rules: AccessRules;
  findRule: FindRule;
  findAccess: (path: string) => Access;
  /** The same of a page, which may say it itself where no rule does. */
  findPage: (path: string, html: string) => Access;
};

export function createSiteAccess(
  rules: AccessRules,
  findRule: FindRule = createFindRule(rules),
): SiteAccess {
  return {
    rules,
    findRule,
    findAccess: createFindAccess(findRule),
    findPage: (path, html) => findPageAccess(path, html, findRule),
  };
}

/** That of the site in this repository. */
export const ownAccess: SiteAccess = createSiteAccess(accessRules, findOwnRule);
