export const roleRule = 'a role has lower-case letters, digits and dashes, 30 at most';

export const isRole = (text: string) => /^[a-z][a-z0-9-]{0,29}$/.test(text);
