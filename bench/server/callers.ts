import type { Answer, Client } from './client.ts';
import { inventPeople, logIn, register, registerForCookies } from './people.ts';

/** More than log in at once, so that no account's log-ins overlap. */
const KNOWN_PEOPLE = 24;

/** Each call is of somebody else, from another address: neither account nor address meets its limit. */
export type Callers = Record<'login' | 'registration', () => Promise<Answer>>;

/** Registers some people, who then log in in turn; others register. */
export async function createCallers(client: Client): Promise<Callers> {
  const known = inventPeople(KNOWN_PEOPLE);
  // One after the other: connections that lie idle are closed by the server, perhaps as they are used again.
  for (const person of known) await registerForCookies(client, person);
  let turn = 0;
  const nextOf = <Item>(items: Item[]) => {
    turn += 1;
    const item = items[turn % items.length];
    if (!item) throw new Error('Nobody was invented.');
    return { ...item, address: `10.1.${(turn >> 8) & 255}.${turn & 255}` };
  };
  return {
    login: () => logIn(client, nextOf(known)),
    registration: () => register(client, nextOf(inventPeople(1))),
  };
}
