/** How a person's own feed stands, as `feed.status` tells. Times are ISO 8601 in UTC. */
export type FeedStatus = {
  /** Whether it has whole articles: that comes with a role. */
  isWhole: boolean;
  /** When its secret address was made; null while it has none. */
  madeAt: string | null;
  /** When it was last fetched, to the hour; null for never. */
  lastUsedAt: string | null;
};
