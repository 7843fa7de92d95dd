/** The kinds of the mails about registrations that the operator approves. */
export const WAITING_MAIL = 'registrations-wait';
export const APPROVED_MAIL = 'registration-approved';
export const REFUSED_MAIL = 'registration-refused';
