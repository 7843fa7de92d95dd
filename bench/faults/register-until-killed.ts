import { createClient, type Client } from '../server/client.ts';
import { readCookies, register, type Person } from '../server/people.ts';
import type { RunningServer } from '../server/start-server.ts';

const AT_ONCE = 12;

export type Outcome = { person: Person; state: 'unsent' | 'unanswered' } | Answered | Refused;
export type Answered = { person: Person; state: 'answered'; cookies: string };
type Refused = { person: Person; state: 'refused'; status: number };

async function registerOne(client: Client, person: Person): Promise<Outcome> {
  try {
    const answer = await register(client, person);
    return answer.status === 200
      ? { person, state: 'answered', cookies: readCookies(answer) }
      : { person, state: 'refused', status: answer.status };
  } catch {
    return { person, state: 'unanswered' };
  }
}

/** Registers all, so many at once, and kills the server at some moment after `killAfter` answers. */
export async function registerUntilKilled(
  server: RunningServer,
  people: Person[],
  killAfter: number,
): Promise<Outcome[]> {
  using client = createClient(server);
  const outcomes = people.map((person): Outcome => ({ person, state: 'unsent' }));
  let [next, answers, isKilled] = [0, 0, false];
  let lastAnswerAt = performance.now();
  let killed: Promise<void> | undefined;
  const killWithin = (spreadMs: number) =>
    new Promise<void>((resolve, reject) => {
      setTimeout(() => {
        isKilled = true;
        server.kill().then(resolve, reject);
      }, Math.random() * spreadMs);
    });
  const registerOn = async () => {
    while (!isKilled && next < people.length) {
      const index = next++;
      const person = people[index];
      if (!person) return;
      const outcome = await registerOne(client, person);
      outcomes[index] = outcome;
      if (outcome.state !== 'answered') continue;
      answers += 1;
      const now = performance.now();
      // Any moment between this answer and the next is as likely.
      if (answers >= killAfter) killed ??= killWithin(now - lastAnswerAt);
      lastAnswerAt = now;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, registerOn));
  await killed;
  return outcomes;
}
