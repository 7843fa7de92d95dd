import { personFields } from './auth-inputs.ts';

/** The places of a page for a text. The build leaves each as an empty element, or as the value of a field. */
const slots = [
  'contact',
  'email-domains',
  'oidc-label',
  'problem-link',
  'problem-text',
  'problem-title',
  'reads',
  'recovery-codes',
  'sent-email',
  'user-email',
  'user-id',
  'user-name',
  'user-username',
  'wait',
  'wall-title',
];

/** Whether the server fills a place of this name. An article has one in the list of articles. */
export const isSlot = (name: string): boolean => slots.includes(name) || /^read-./.test(name);

const typedFields = [
  ...personFields,
  'identifier',
  'invitation',
  'newFeed',
  'reason',
  'rememberBrowser',
  'role',
  'staySignedIn',
  'token',
  'until',
  'uses',
];

/** Whether what was typed into a field of this name comes back. A password never does. */
export const isTypedField = (name: string): boolean =>
  (typedFields as readonly string[]).includes(name);

const chartKeys = [
  ...['title', 'summary', 'top', 'width', 'partial', 'uncounted', 'bars'],
  ...['fromText', 'toText'],
];
const dayKeys = ['day', 'dayText', 'one', 'two'];

/** The blocks that the server repeats, and what each item has for placeholders and choices. */
const listKeys: Record<string, readonly string[]> = {
  pendingEmail: ['address'],
  summary: ['devices', 'description', 'at', 'atText'],
  sessions: [
    ...['id', 'device', 'address', 'current'],
    ...['lastSeenAt', 'lastSeenText', 'createdAt', 'createdText'],
  ],
  sessionPages: ['more', 'back', 'last'],
  activities: ['event', 'description', 'device', 'own', 'address', 'at', 'atText'],
  activityPages: ['more', 'back', 'last'],
  factors: ['on', 'off', 'pending', 'keys', 'secret', 'link', 'left'],
  passkeys: ['id', 'name', 'createdAt', 'createdText', 'used', 'lastUsedAt', 'lastUsedText'],
  passkeyNames: ['id', 'name'],
  otherDevices: ['others', 'description'],
  secondStep: ['passkey'],
  operatorProof: ['next', 'factor', 'passkey', 'linked', 'provider'],
  peopleView: [
    ...['search', 'show', 'searched', 'shown', 'none', 'cut', 'waiting'],
    ...['isAll', 'isWaiting', 'isDisabled', 'isRoles'],
  ],
  people: [
    ...['id', 'name', 'email', 'username', 'roles', 'state', 'enabled', 'waiting'],
    ...['createdAt', 'createdText'],
  ],
  peoplePages: ['more', 'back', 'query', 'last'],
  person: [
    ...['id', 'name', 'email', 'username', 'state', 'createdAt', 'createdText'],
    ...['disabled', 'disabledAt', 'disabledText', 'waiting', 'waitingSince', 'waitingText'],
    ...['factors', 'sessions', 'own'],
  ],
  personActs: [
    ...['id', 'waiting', 'disabled', 'factors', 'signedIn', 'known'],
    ...['made', 'link', 'code', 'endsAt', 'endsText'],
  ],
  knownRoles: ['role', 'name'],
  personRoles: [
    ...['id', 'role', 'name', 'named', 'ends', 'endsAt', 'endsText'],
    ...['closed', 'open', 'reason'],
  ],
  personActivityPages: ['more', 'back', 'id', 'last'],
  healthView: ['summary', 'at', 'atText'],
  findings: ['state', 'stateText', 'title', 'detail', 'advice', 'advised'],
  figuresView: ['since', 'sinceText', 'is30', 'is90', 'is365'],
  registrationsChart: chartKeys,
  loginsChart: chartKeys,
  failedLoginsChart: chartKeys,
  readsChart: chartKeys,
  wallsChart: chartKeys,
  registrationDays: dayKeys,
  loginDays: dayKeys,
  articleDays: dayKeys,
  newInvitation: ['who', 'link', 'code', 'rule'],
  newInvitationNotes: ['note'],
  invitations: [
    ...['id', 'whom', 'role', 'state', 'open', 'used', 'after'],
    ...['expiresAt', 'expiresText', 'createdAt', 'createdText'],
  ],
  invitationPages: ['more', 'back', 'last'],
  logView: ['person', 'day', 'unknown', 'none'],
  logKinds: ['kind', 'name', 'chosen'],
  logRows: [
    ...['at', 'atText', 'event', 'name', 'outcome', 'many', 'times', 'address'],
    ...['known', 'id', 'email', 'erased'],
    ...['paired', 'side', 'otherId', 'otherEmail'],
  ],
  logPages: ['more', 'back', 'query', 'last'],
  mailView: [
    ...['off', 'waiting', 'failed', 'sent', 'stuck', 'none', 'show'],
    ...['isUnsent', 'isWaiting', 'isFailed', 'isSent', 'isAll'],
  ],
  mails: [
    ...['id', 'kind', 'state', 'address', 'known', 'userId', 'attempts', 'show'],
    ...['createdAt', 'createdText', 'error', 'lastError', 'next', 'nextAt', 'nextText', 'retry'],
  ],
  mailPages: ['more', 'back', 'query', 'last'],
  linkedAccounts: [
    ...['id', 'provider', 'createdAt', 'createdText', 'used', 'lastUsedAt', 'lastUsedText'],
  ],
  oidc: ['label', 'free', 'linked', 'ready', 'address'],
  feed: [
    ...['whole', 'made', 'used', 'unused', 'cut', 'first', 'another'],
    ...['madeAt', 'madeText', 'lastUsedAt', 'lastUsedText'],
  ],
};

/** The keys of a repeated block's items, or null where there is no such block. */
export function findListKeys(name: string): readonly string[] | null {
  const list = name === 'feedActions' ? 'feed' : name;
  return Object.hasOwn(listKeys, list) ? (listKeys[list] ?? null) : null;
}

const listNames = new Set([...Object.entries(listKeys).flat(2), 'feedActions']);

/** Whether some list, or some list's item, is called so. */
export const isListName = (name: string): boolean => listNames.has(name);
