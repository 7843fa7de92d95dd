import { getAddressKey } from '../addresses/address-key.ts';
import type { NewSecurityEvent } from './append-events.ts';

/** Clients beyond that share one row for each kind of event. */
const MOST_CLIENTS = 10_000;

const withoutClient = ({ userId: _userId, ...event }: NewSecurityEvent) => ({
  ...event,
  address: null,
});

/** What somebody with an account reads again and again would fill the log that they read. */
const isCounted = ({ userId, event }: NewSecurityEvent) =>
  userId === undefined || event === 'sensitive_read';

/**
 * Counts what clients without an account do again and again, so that nobody fills the disk with requests
 * that are refused, and what people read: the first is written at once, and the others as one row with
 * their number.
 */
export function createRepeatCounter(most = MOST_CLIENTS) {
  const counted = new Map<string, { event: NewSecurityEvent; times: number }>();
  return {
    /** False where the event is the first of its client, to be written at once. */
    count(event: NewSecurityEvent): boolean {
      if (!isCounted(event) || event.address == null) return false;
      const kind = `${event.event} ${event.outcome ?? ''}`;
      const own = `${kind} ${event.userId ?? ''} ${getAddressKey(event.address)}`;
      const isFull = counted.size >= most && !counted.has(own);
      const key = isFull ? kind : own;
      const times = counted.get(key)?.times ?? (isFull ? 0 : -1);
      counted.set(key, { event: isFull ? withoutClient(event) : event, times: times + 1 });
      return isFull || times >= 0;
    },
    /** What was counted since the last time, and not written at once. */
    takeCounted(): NewSecurityEvent[] {
      const all = [...counted.values()];
      counted.clear();
      return all.flatMap(({ event, times }) => (times > 0 ? [{ ...event, times }] : []));
    },
  };
}
