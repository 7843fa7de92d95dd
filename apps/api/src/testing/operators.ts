import { signUp } from './people.ts';
import type { TestServer } from './test-server.ts';

/** An operator who has just registered, and is signed in in a browser of their own. */
export async function signUpOperator(server: TestServer) {
  const signedUp = await signUp(server);
  const { id } = signedUp.user;
  await server.database.User.update({ roles: ['operator'] }, { where: { id } });
  return signedUp;
}

/** Where an answer leads, with its status. */
export const where = (answer: Response) => [answer.status, answer.headers.get('location')];
