import { formatTime, isNoticeKind, notices, type NoticeKind } from '@latchkey/shared';

/** The kind of the mail that brings notices. */
export const NOTICE_MAIL = 'notice';

/** One thing that a notice tells of. `device` and `address` are as the list of activities has them. */
export type NoticeEvent = { kind: NoticeKind; at: string; device: string; address: string | null };

/** What the queue holds of them. */
export const writeEvents = (events: NoticeEvent[]): { events: string } => ({
  events: JSON.stringify(events),
});

/** Those of a mail, the oldest first, without those of a kind that this version does not know. */
export function readEvents(details: Record<string, string>): NoticeEvent[] {
  const events = JSON.parse(details['events'] ?? '[]') as NoticeEvent[]; // Written by writeEvents.
  return events
    .filter(({ kind }) => isNoticeKind(kind))
    .toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
}

/** "27 November 2026, 10:43 UTC: Password changed. Firefox on Linux, 192.0.2.1." */
export function describeNotice({ kind, at, device, address }: NoticeEvent): string {
  const place = address === null ? device : `${device}, ${address}`;
  return `${formatTime(at)}: ${notices[kind].line}. ${place}.`;
}
