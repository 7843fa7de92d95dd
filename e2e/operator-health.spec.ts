import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './fixtures/accessible.ts';
import { runSql } from './fixtures/database.ts';
import { grantRole, outdateProofs } from './fixtures/dashboard.ts';
import { expectNoSidewaysScroll } from './fixtures/layout.ts';
import { createPerson, signUp } from './fixtures/people.ts';
import type { Server } from './fixtures/server.ts';
import { expect, test } from './fixtures/test.ts';

const DAY_MS = 86_400_000;

const nameDay = (daysAgo: number) =>
  new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);

/** What somebody counted on a day before today. */
function addFigures({ databaseUrl }: Server, daysAgo: number, logins: number, failed: number) {
  const sql = 'INSERT INTO daily_figures (day, logins, failed_logins) VALUES ($1, $2, $3)';
  return runSql(databaseUrl, sql, nameDay(daysAgo), String(logins), String(failed));
}

/** How high each bar of a picture is, of 100, in the order of the days. */
async function readBars(chart: Locator): Promise<number[]> {
  const drawn = (await chart.locator('path.bars').getAttribute('d')) ?? '';
  return [...drawn.matchAll(/V([\d.]+)H/g)].map(([, y]) => 100 - Number(y));
}

/** The numbers of a column of a table, in the order of the days. */
async function readColumn(table: Locator, column: number): Promise<number[]> {
  const cells = table.locator(`tbody td:nth-of-type(${column})`);
  const texts = await cells.allTextContents();
  return texts.map((text) => Number(text.replaceAll(',', ''))).toReversed();
}

const open = async (page: Page, server: Server) => {
  const operator = createPerson();
  await signUp(page.context().request, server.origin, operator);
  await grantRole(server, operator, 'operator');
  return operator;
};

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    const expectGood = async (page: Page) => {
      await page.setViewportSize({ width: 360, height: 740 });
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
    };

    test('an operator proves who is there, and reads how the site does', async ({
      page,
      server,
    }) => {
      const operator = await open(page, server);
      await outdateProofs(server);
      await page.goto('/operator/health');
      await expect(page).toHaveURL(
        /\/operator\/proof\?next=%2Foperator%2Fhealth#password-required$/,
      );
      const field = page.getByLabel('Current password', { exact: true });
      await field.fill(operator.password);
      await field.press('Enter');
      await expect(page).toHaveURL('/operator/health');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Health');
      const list = page.getByRole('list', { name: 'What was looked at' });
      const finding = (name: string) =>
        list
          .getByRole('listitem')
          .filter({ has: page.getByRole('heading', { name, exact: true }) });
      await expect(finding('Writing')).toContainText('it takes what is written');
      await expect(finding('Live site')).toContainText('sends what the server sends');
      // The cost of passwords that keeps the tests quick. Its state is a word, with what to do.
      const hash = finding('Password hash');
      await expect(hash).toContainText('Warning');
      await expect(hash).toContainText('Remove the PASSWORD_SCRYPT_ settings');
      const states = await list.locator('.badge').allTextContents();
      const rank = ['Problem', 'Warning', 'Fine'];
      expect(states).toEqual(
        states.toSorted((one, other) => rank.indexOf(one) - rank.indexOf(other)),
      );
      await expect(page.getByRole('main')).toContainText('npm run admin -- doctor');
      await expectGood(page);
      const navigation = page.getByRole('navigation', { name: 'For operators' });
      await navigation.getByRole('link', { name: 'Figures' }).press('Enter');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Figures');
    });

    test('an operator sees what happened each day, in pictures and in tables', async ({
      page,
      startOwnServer,
    }) => {
      const server = await startOwnServer();
      const operator = await open(page, server);
      const { origin } = server;
      await addFigures(server, 1, 1200, 3);
      await addFigures(server, 10, 400, 0);
      await addFigures(server, 50, 7, 7);
      const { request } = page.context();
      const data = { identifier: operator.email, password: 'not this one at all' };
      await request.post(`${origin}/trpc/auth.login`, { data, headers: { origin } });

      await page.goto(`${origin}/operator/figures`);
      const section = page.getByRole('region', { name: 'Log-ins' });
      const picture = section.getByRole('img', { name: /^Log-ins each day from / });
      await expect(picture).toHaveAccessibleName(
        /: 1,600 in all, at most 1,200 a day \(.+\)\. Rising/,
      );
      await expect(section.getByRole('img', { name: /^Failed log-ins/ })).toHaveAccessibleName(
        /: 4 in all/,
      );
      await section.locator('summary').press('Enter');
      const table = section.getByRole('table', { name: /^Log-ins/ });
      await expect(table.getByRole('row')).toHaveCount(31);
      for (const [column, name] of [/^Log-ins each/, /^Failed/].entries()) {
        const numbers = await readColumn(table, column + 1);
        const bars = await readBars(section.getByRole('img', { name }));
        expect(bars).toHaveLength(30);
        const scale = Math.max(...bars) / Math.max(...numbers);
        for (const [day, number] of numbers.entries())
          expect(bars[day], `${day}`).toBeCloseTo(number * scale, 1);
      }
      await expect(
        page.getByRole('region', { name: 'Registrations' }).getByRole('img'),
      ).toHaveAccessibleName(/: 1 in all/);
      await expectGood(page);
    });

    test('an operator looks further back, to before the counting began', async ({
      page,
      startOwnServer,
    }) => {
      const server = await startOwnServer();
      await open(page, server);
      const { origin } = server;
      await addFigures(server, 50, 7, 7);
      // The end of the server writes what it has counted.
      await server.restart();
      const section = page.getByRole('region', { name: 'Log-ins' });
      const picture = section.getByRole('img', { name: /^Log-ins each day from / });
      const table = section.getByRole('table', { name: /^Log-ins/ });
      await page.goto(`${origin}/operator/figures`);
      await page.getByRole('link', { name: '90 days' }).press('Enter');
      await expect(page).toHaveURL(`${origin}/operator/figures?days=90`);
      await expect(
        page.getByRole('region', { name: 'Registrations' }).getByRole('img'),
      ).toHaveAccessibleName(/: 1 in all/);
      await expect(page.getByRole('link', { name: '90 days' })).toHaveAttribute(
        'aria-current',
        'page',
      );
      // The days before the first are not in the table either.
      await expect(section).toContainText('Shaded: not counted yet');
      await expect(picture).toHaveAccessibleName(/, counted since .+: 7 in all, at most 7 a day/);
      await section.locator('summary').press('Enter');
      await expect(table.getByRole('row')).toHaveCount(52);
      expect(await readBars(picture)).toHaveLength(51);
      await page.getByRole('link', { name: '365 days' }).press('Enter');
      expect(await readBars(picture)).toHaveLength(51);
      await expectGood(page);
    });
  });
}
