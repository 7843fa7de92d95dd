import { dialects } from '@latchkey/db/testing';
import { expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';

/** Columns of a person that are in no export, each for a reason. */
const leftOut = [
  'passwordHash', // a secret
  'disabledAt', // whoever is disabled exports nothing
];

test.each(dialects)(
  'on %s, every column of a person is in the export of their account',
  async (dialect) => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const { user } = await client.account.export.mutate({});
    const columns = Object.keys(server.database.User.getAttributes());
    expect([...Object.keys(user), ...leftOut].toSorted()).toEqual(columns.toSorted());
  },
);
