import type { ActivityEvent } from './activity-events.ts';
import type { FeedStatus } from './feed.ts';
import type { FactorStatus } from './second-factors.ts';
import type { PublicUser } from './user.ts';

/** One place where a person is signed in, as `sessions.list` tells. Times are ISO 8601 in UTC. */
export type SignedInDevice = {
  id: string;
  /** Browser and system in words, such as "Firefox on Linux". */
  device: string;
  address: string | null;
  createdAt: string;
  lastSeenAt: string;
  /** Whether it is the one that asks. */
  isCurrent: boolean;
};

/** One line of a person's own security log, as `activity.list` tells. */
export type PublicActivity = {
  id: string;
  event: ActivityEvent;
  /** The event in words. */
  description: string;
  /** Browser and system in words; null for what the operator did. */
  device: string | null;
  address: string | null;
  /** ISO 8601 in UTC. */
  at: string;
};

/** Everything that is kept about a person, as `account.export` gives it: no hash and no token. */
export type AccountExport = {
  exportedAt: string;
  /** `roleEnds` has the moment at which each role with an end ends, also of those that have ended. */
  user: PublicUser & { roleEnds: Record<string, string>; updatedAt: string };
  sessions: (Omit<SignedInDevice, 'device'> & {
    userAgent: string | null;
    staySignedIn: boolean;
    authenticatedAt: string;
    secondFactorAt: string | null;
    idleExpiresAt: string;
    expiresAt: string;
  })[];
  activities: (Omit<PublicActivity, 'device'> & { userAgent: string | null })[];
  /** The second factors, without their secrets. */
  factors: FactorStatus & {
    authenticatorSince: string | null;
    /** Browsers that are asked for no second factor, and until when. */
    rememberedBrowsers: { createdAt: string; expiresAt: string }[];
  };
  /** Accounts at OpenID providers that log the person in, with the roles that came from there. */
  linkedAccounts: {
    issuer: string;
    subject: string;
    roles: string[];
    createdAt: string;
    lastUsedAt: string | null;
  }[];
  /** Whether there is a secret address of a feed, and not the address. */
  feed: Omit<FeedStatus, 'isWhole'>;
  /** A change of the email that waits for its link to be opened, and those that can still be undone. */
  emailLinks: {
    purpose: 'new-email' | 'undo-email';
    email: string;
    createdAt: string;
    expiresAt: string;
  }[];
  /** Mails to this person that are still kept: what they were about, and never what they said. */
  mails: {
    kind: string;
    to: string | null;
    createdAt: string;
    sentAt: string | null;
    /** When it was given up. */
    failedAt: string | null;
  }[];
  /** What the operator's security log says of this person. */
  securityEvents: {
    event: string;
    outcome: string | null;
    /** How many such events the line stands for. */
    times: number;
    address: string | null;
    at: string;
  }[];
  /** The metered articles that count at this moment. */
  articlesRead: { slug: string; readAt: string }[];
};
