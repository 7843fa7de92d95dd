import { createMember, expect, test } from './fixtures/http.ts';
import { createProgram, readExample } from './fixtures/guide-example.ts';

const headings = ['From a page of another origin', 'From another program'];

for (const heading of headings) {
  test(`the guide’s client is typed: ${heading}`, async ({ server }) => {
    test.slow(); // The compiler reads the whole server for its type.
    const code = readExample(heading, server.origin);
    using right = createProgram(code);
    using wrong = createProgram(
      code.replace('secrets.list', 'secrets.lists').replace('{ identifier,', '{ identifyer: 1,'),
    );
    const [complaints, expected] = await Promise.all([right.checkTypes(), wrong.checkTypes()]);
    expect(complaints).toBe('');
    expect(expected).toMatch(/'lists' does not exist/);
    expect(expected).toMatch(/'identifyer' does not exist/);
  });
}

test('a program signs in as the guide says, and reads what is for members', async ({
  server,
  sendAsMember,
}) => {
  const { person } = await createMember(server.origin);
  using program = createProgram(readExample('From another program', server.origin));
  const { items } = (await (await sendAsMember('/secrets.json')).json()) as {
    items: { title: string }[];
  };
  const titles = items.map(({ title }) => title).join('\n');
  expect(await program.run(person.email, person.password)).toBe(titles);
  expect(await program.run(person.email, 'a wrong password')).toContain(
    'Incorrect email, username or password.',
  );
});

test('a program that does not say it comes from the site is refused', async ({ server }) => {
  const { person } = await createMember(server.origin);
  const code = readExample('From another program', server.origin);
  using program = createProgram(code.replace('{ origin, cookie }', '{ cookie }'));
  expect(await program.run(person.email, person.password)).toContain('was not sent from this site');
});
