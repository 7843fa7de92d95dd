import * as articleReads from './2026-11-21-article-reads.ts';
import * as approvals from './2026-11-27-approvals.ts';
import * as activities from './2026-11-21-activities.ts';
import * as dailyFigures from './2026-11-27-daily-figures.ts';
import * as feedAddresses from './2026-11-21-feed-addresses.ts';
import * as activityDetails from './2026-11-21-activity-details.ts';
import * as passwordResets from './2026-11-21-password-resets.ts';
import * as notices from './2026-11-27-notices.ts';
import * as mails from './2026-11-27-mails.ts';
import * as emailLinks from './2026-11-27-email-links.ts';
import * as invitations from './2026-11-27-invitations.ts';
import * as securityLog from './2026-11-27-security-log.ts';
import * as endsOfSessions from './2026-11-26-ends-of-sessions.ts';
import * as ordersOfLists from './2026-11-26-orders-of-lists.ts';
import * as factorsOfSessions from './2026-11-27-factors-of-sessions.ts';
import * as oidc from './2026-11-27-oidc.ts';
import * as passkeys from './2026-11-27-passkeys.ts';
import * as secondFactors from './2026-11-27-second-factors.ts';
import * as usersAndSessions from './2026-11-21-users-and-sessions.ts';
import * as roleEnds from './2026-11-27-role-ends.ts';
import * as searchesOfPeople from './2026-11-27-searches-of-people.ts';
import * as rateLimits from './2026-11-21-rate-limits.ts';
import * as operatorLists from './2026-11-27-operator-lists.ts';
import type { Migration } from './migration.ts';

/** Every migration, oldest first. Add to the end; never change one that has been released. */
export const migrations: readonly Migration[] = [
  { name: '2026-11-21-users-and-sessions', ...usersAndSessions },
  { name: '2026-11-21-rate-limits', ...rateLimits },
  { name: '2026-11-21-article-reads', ...articleReads },
  { name: '2026-11-21-activities', ...activities },
  { name: '2026-11-21-feed-addresses', ...feedAddresses },
  { name: '2026-11-21-password-resets', ...passwordResets },
  { name: '2026-11-21-activity-details', ...activityDetails },
  { name: '2026-11-26-ends-of-sessions', ...endsOfSessions },
  { name: '2026-11-26-orders-of-lists', ...ordersOfLists },
  { name: '2026-11-27-mails', ...mails },
  { name: '2026-11-27-second-factors', ...secondFactors },
  { name: '2026-11-27-email-links', ...emailLinks },
  { name: '2026-11-27-notices', ...notices },
  { name: '2026-11-27-security-log', ...securityLog },
  { name: '2026-11-27-passkeys', ...passkeys },
  { name: '2026-11-27-invitations', ...invitations },
  { name: '2026-11-27-factors-of-sessions', ...factorsOfSessions },
  { name: '2026-11-27-role-ends', ...roleEnds },
  { name: '2026-11-27-approvals', ...approvals },
  { name: '2026-11-27-searches-of-people', ...searchesOfPeople },
  { name: '2026-11-27-oidc', ...oidc },
  { name: '2026-11-27-daily-figures', ...dailyFigures },
  { name: '2026-11-27-operator-lists', ...operatorLists },
];
