import { hasBlog } from './has-blog.ts';

/** The sections of the dashboard, in their order. */
export const accountSections = [
  { id: 'profile', title: 'Profile' },
  { id: 'email', title: 'Email' },
  { id: 'password', title: 'Password' },
  { id: 'sessions', title: 'Where you are signed in' },
  { id: 'activity', title: 'Activity' },
  ...(hasBlog ? [{ id: 'feed', title: 'Feed' }] : []),
  { id: 'data', title: 'Your data' },
  { id: 'delete', title: 'Delete account' },
];
