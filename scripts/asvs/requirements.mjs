// @ts-check

/**
 * A row of OWASP ASVS 5.0: its number, its level, what it asks for, and how Latchkey meets it. Where it is
 * not met, `unmet` says why.
 *
 * @typedef {{ id: string, level: 1 | 2 | 3, asks: string, how: string, unmet?: true }} Requirement
 */

/** @type {(id: string, level: 1 | 2 | 3, asks: string, how: string) => Requirement} */
const met = (id, level, asks, how) => ({ id, level, asks, how });
/** @type {(id: string, level: 1 | 2 | 3, asks: string, why: string) => Requirement} */
const notMet = (id, level, asks, why) => ({ id, level, asks, how: why, unmet: true });

const noSecondFactor = 'There is no second factor yet.';
const noPasskeys = 'There are no passkeys yet.';
const noNotices = 'There are no notices by mail yet; the activity list shows it.';

/** @type {Record<string, Requirement[]>} */
export const requirements = {
  'V3 Web frontend': [
    met(
      '3.2.1',
      1,
      'no answer is rendered as something else',
      'Every answer has its type, nosniff and a policy; downloads are attachments.',
    ),
    met(
      '3.2.2',
      1,
      'text is shown as text',
      'What people typed goes into pages escaped, and by script as text alone.',
    ),
    met(
      '3.3.1',
      1,
      'cookies are Secure',
      'On https every cookie is Secure and has the prefix __Host-.',
    ),
    met(
      '3.3.2',
      2,
      'cookies have SameSite',
      'Cookies are SameSite=Lax, and other sites’ forms are refused besides.',
    ),
    met(
      '3.3.3',
      2,
      'cookies have __Host-',
      'On https the session has __Host- and is not taken under its plain name.',
    ),
    met(
      '3.3.4',
      2,
      'scripts cannot read session cookies',
      'The session’s cookie is HttpOnly; the hint that scripts read opens nothing.',
    ),
    met('3.4.1', 1, 'HSTS', 'On https every answer asks for it for two years, with subdomains.'),
    met(
      '3.4.2',
      1,
      'CORS by a list',
      'Only origins in ALLOWED_ORIGINS are answered with their name; by default none.',
    ),
    met(
      '3.4.3',
      2,
      'a content security policy',
      'Each page has a policy with hashes of its own scripts and styles, without unsafe-inline.',
    ),
    met('3.4.4', 2, 'nosniff', 'Every answer has it.'),
    met(
      '3.4.5',
      2,
      'a referrer policy',
      'Every answer has one; pages with codes send no referrer at all.',
    ),
    met('3.4.6', 2, 'no framing', 'The policy says frame-ancestors none.'),
    met('3.4.8', 3, 'a cross-origin opener policy', 'Every answer has COOP same-origin.'),
    met(
      '3.5.1',
      1,
      'no forged requests',
      'Whatever may change something must come from this site or an allowed origin.',
    ),
    met(
      '3.5.2',
      1,
      'no way round the preflight',
      'The origin is checked itself, whatever the type of the body.',
    ),
    met(
      '3.5.3',
      1,
      'changes by POST alone',
      'A GET changes nothing: it logs nobody out and uses up no link.',
    ),
    met('3.5.8', 3, 'no embedding by other sites', 'Every answer has CORP same-origin.'),
    met('3.7.2', 2, 'no open redirects', '`next` is a path of this site, or it is ignored.'),
  ],
  'V6 Authentication': [
    met(
      '6.1.1',
      1,
      'limits are documented, and no one is locked out by others',
      'docs/security.md has the limits; a browser that logged in before has waits of its own.',
    ),
    met(
      '6.1.2',
      2,
      'words of the context are documented',
      'The site’s name and host and the person’s name, username and email: record 7.',
    ),
    met(
      '6.1.3',
      2,
      'every way in is documented',
      'docs/security.md has them: the password, and a link to set one.',
    ),
    met('6.2.1', 1, 'a minimum length', 'A password has at least 12 characters.'),
    met('6.2.2', 1, 'people can change it', 'On the dashboard, with and without JavaScript.'),
    met('6.2.3', 1, 'the change asks for the current one', 'It does, every time.'),
    met(
      '6.2.4',
      1,
      'no common passwords',
      'The 44,000 commonest that are long enough are refused.',
    ),
    met('6.2.5', 1, 'no rules of composition', 'Length and commonness alone are looked at.'),
    met(
      '6.2.6',
      1,
      'masked, and may be shown',
      'Fields are masked and have a button that shows what was typed.',
    ),
    met(
      '6.2.7',
      1,
      'pasting and password managers work',
      'They do; each field says what it is for.',
    ),
    met(
      '6.2.8',
      1,
      'verified as received',
      'Nothing is trimmed, cut or folded; only the Unicode form is made one (record 7).',
    ),
    met('6.2.9', 2, '64 characters and more', 'Up to 256 characters.'),
    met('6.2.10', 2, 'no forced change', 'A password has no date; a stronger hash keeps it.'),
    met('6.2.11', 2, 'no words of the context', 'Without them six characters must be left.'),
    met('6.2.12', 2, 'no breached passwords', 'The list is of public breaches, offline.'),
    met(
      '6.3.1',
      1,
      'against guessing and stuffing',
      'Failures are counted by account and by address, over all processes.',
    ),
    met('6.3.2', 1, 'no default accounts', 'There are none, and no secret has a default.'),
    notMet('6.3.3', 2, 'a second factor', noSecondFactor),
    met(
      '6.3.4',
      2,
      'no other way in',
      'Everything is private unless it is listed as public in one place.',
    ),
    notMet('6.3.5', 3, 'people are told of suspicious attempts', noNotices),
    met(
      '6.3.6',
      3,
      'email is no authenticator',
      'A link by mail sets a password, and signs nobody in.',
    ),
    notMet('6.3.7', 3, 'people are told of changes to their credentials', noNotices),
    met(
      '6.3.8',
      3,
      'no telling who has an account',
      'Log-in and reset answer the same in the same time. Registering tells of a taken email where there is no mail (record 7).',
    ),
    met(
      '6.4.1',
      1,
      'first secrets are random and end soon',
      'An operator makes a link for 24 hours and never a password.',
    ),
    met('6.4.2', 1, 'no hints and questions', 'The form of an account has none.'),
    notMet('6.4.3', 2, 'a reset does not go round the second factor', noSecondFactor),
    notMet('6.4.4', 2, 'a lost factor needs as much proof as a new one', noSecondFactor),
    met(
      '6.4.6',
      3,
      'an operator starts a reset, and sets no password',
      'The commands make links alone.',
    ),
    notMet('6.5.1', 2, 'codes work once', noSecondFactor),
    notMet('6.5.2', 2, 'recovery codes are hashed', noSecondFactor),
    notMet('6.5.3', 2, 'codes are random', noSecondFactor),
    notMet('6.5.4', 2, 'codes have 20 bits and more', noSecondFactor),
    notMet('6.5.5', 2, 'codes end soon', noSecondFactor),
    notMet('6.5.6', 3, 'any factor can be revoked', noSecondFactor),
    notMet('6.5.8', 3, 'codes go by the server’s time', noSecondFactor),
    notMet('6.6.2', 2, 'a code is bound to its request', noSecondFactor),
    notMet('6.6.3', 2, 'guessing of codes is limited', noSecondFactor),
    notMet('6.7.1', 3, 'public keys are protected from changes', noPasskeys),
    notMet('6.7.2', 3, 'challenges are unique, of 64 bits and more', noPasskeys),
  ],
  'V7 Sessions': [
    met('7.1.1', 2, 'timeouts are documented', 'docs/settings.md and docs/security.md have them.'),
    met(
      '7.1.2',
      2,
      'the number of sessions is documented',
      'SESSION_MAX_PER_PERSON: a new one ends the one unused for longest.',
    ),
    met(
      '7.2.1',
      1,
      'verified by the server',
      'Each request looks the session up; a cookie says nothing by itself.',
    ),
    met('7.2.2', 1, 'made anew each time', 'Each log-in makes a new random token.'),
    met('7.2.3', 1, '128 bits and more', 'A token has 256.'),
    met(
      '7.2.4',
      1,
      'a new token at each proof, and the old one ends',
      'At log-in, at a fresh proof and at a new password.',
    ),
    met('7.3.1', 2, 'ends without use', 'After an hour, or 14 days with Stay signed in.'),
    met('7.3.2', 2, 'ends at an age', 'After a day, or 30 days with Stay signed in.'),
    met('7.4.1', 1, 'logging out ends it on the server', 'A kept copy of the cookie is dead.'),
    met('7.4.2', 1, 'disabling and deleting end all', 'With the next request.'),
    notMet(
      '7.4.3',
      2,
      'ending the others after a change of a factor',
      'A new password ends them; other factors do not exist yet.',
    ),
    met('7.4.4', 2, 'logging out is in sight', 'The header of every members’ page has the button.'),
    met('7.4.5', 2, 'the operator ends sessions', 'One, a person’s, or everybody’s.'),
    met(
      '7.5.1',
      2,
      'a fresh proof before sensitive changes',
      'For email, password, export, deletion and other sessions.',
    ),
    met('7.5.2', 2, 'people see and end their sessions', 'On the dashboard.'),
    notMet('7.5.3', 3, 'another factor before the most sensitive', noSecondFactor),
  ],
  'V8 Authorization': [
    met(
      '8.1.1',
      1,
      'rules are documented',
      'packages/shared/src/public-paths.ts is the one list of what is public; docs/site.md explains it.',
    ),
    met('8.2.1', 1, 'functions by explicit right', 'What is not listed as public needs a session.'),
    met(
      '8.2.2',
      1,
      'data by explicit right',
      'Whatever is of somebody else is not found, and a call says whom it is for.',
    ),
    met(
      '8.2.3',
      2,
      'fields by explicit right',
      'Each procedure names the fields it takes and tells.',
    ),
    met(
      '8.3.1',
      1,
      'enforced by the server',
      'Static pages of members come through the gate, and no hint in the browser opens them.',
    ),
    met('8.3.2', 3, 'changes of rights at once', 'Rights are read with each request.'),
  ],
  'V11 Cryptography': [
    met(
      '11.4.2',
      2,
      'a slow hash for passwords',
      'scrypt with N=2^17, r=8, p=1, raised at the next log-in.',
    ),
    met(
      '11.5.1',
      2,
      'random numbers of 128 bits and more',
      'Tokens are 32 bytes of the system’s generator.',
    ),
  ],
  'V14 Data': [
    met(
      '14.2.1',
      1,
      'nothing sensitive in addresses',
      'Codes stand in the fragment, and forms post.',
    ),
    met(
      '14.2.2',
      2,
      'nothing sensitive in shared caches',
      'What is personal or metered is private, no-store.',
    ),
    met(
      '14.2.3',
      2,
      'nothing to third parties',
      'Pages load nothing that is not the site’s own, and the policy holds them to it.',
    ),
    met(
      '14.2.6',
      3,
      'no more than is needed is returned',
      'A person’s fields are named one by one.',
    ),
    met(
      '14.2.7',
      3,
      'old data is deleted',
      'A purge runs every hour; docs/settings.md and the records say how long each is kept.',
    ),
    met(
      '14.3.1',
      1,
      'the browser is cleared at the end',
      'Clear-Site-Data, and Back shows no members’ page.',
    ),
    met('14.3.2', 2, 'no caching of what is sensitive', 'The API and members’ pages are no-store.'),
    met(
      '14.3.3',
      2,
      'nothing sensitive in the browser’s storage',
      'The hint says no more than that somebody is signed in.',
    ),
  ],
  'V16 Logs and errors': [
    met('16.1.1', 2, 'what is logged is documented', 'docs/operate.md and record 67.'),
    met(
      '16.2.1',
      2,
      'when, where, who and what',
      'Each event has its time, address, person, name and outcome.',
    ),
    met('16.2.2', 2, 'one time', 'UTC everywhere.'),
    met('16.2.5', 2, 'nothing secret in logs', 'No password, token or what was typed.'),
    met('16.3.1', 2, 'log-ins and failures', 'Each of them is an event.'),
    met('16.3.2', 2, 'failed authorization', 'Each refusal is one; repetitions are counted.'),
    met(
      '16.3.3',
      2,
      'attempts to get round',
      'Limits that are hit and requests of other sites are events.',
    ),
    met('16.4.1', 2, 'no injection', 'Lines are JSON, and tables escape what acts on a terminal.'),
    met(
      '16.4.2',
      2,
      'protected from changes',
      'The security log is a chain of hashes, which log verify checks.',
    ),
    met(
      '16.5.1',
      2,
      'errors without detail',
      'A fault says that something went wrong, and the log says what.',
    ),
    met(
      '16.5.3',
      2,
      'failing safely',
      'Without the database nobody is signed in, and what is public goes on.',
    ),
  ],
};
