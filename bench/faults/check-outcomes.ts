import { createClient, type Client } from '../server/client.ts';
import { isSignedIn, logIn, register, type Person } from '../server/people.ts';
import type { RunningServer } from '../server/start-server.ts';
import type { Answered, Outcome } from './register-until-killed.ts';

const AT_ONCE = 12;

async function checkAnswered(client: Client, { person, cookies }: Answered): Promise<string[]> {
  const faults = [];
  if (!(await isSignedIn(client, cookies))) faults.push(`${person.email}: the session is gone`);
  const { status } = await logIn(client, person);
  if (status !== 200) faults.push(`${person.email}: log-in was answered with ${status}`);
  return faults;
}

/** A whole account lets its password in; none lets the same email register. */
async function checkUnanswered(client: Client, person: Person): Promise<string[]> {
  const login = await logIn(client, person);
  if (login.status === 200) return [];
  const { status } = await register(client, person);
  return status === 200
    ? []
    : [`${person.email}: half there: log-in ${login.status}, registration ${status}`];
}

function checkOutcome(client: Client, outcome: Outcome): Promise<string[]> | string[] {
  switch (outcome.state) {
    case 'answered':
      return checkAnswered(client, outcome);
    case 'unanswered':
      return checkUnanswered(client, outcome.person);
    case 'refused':
      return [`${outcome.person.email}: refused with ${outcome.status} before the crash`];
    case 'unsent':
      return [];
  }
}

/** Asks the server after the crash about everybody, and returns a sentence for each fault. */
export async function checkOutcomes(server: RunningServer, outcomes: Outcome[]): Promise<string[]> {
  using client = createClient(server);
  const faults: string[] = [];
  const waiting = [...outcomes];
  const checkOn = async () => {
    for (let outcome = waiting.pop(); outcome; outcome = waiting.pop()) {
      faults.push(...(await checkOutcome(client, outcome)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, checkOn));
  return faults;
}
