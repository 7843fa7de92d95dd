import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import {
  sampleAuthenticator,
  sampleOidcAttempt,
  sampleOidcIdentity,
  samplePasskey,
  samplePasskeyChallenge,
  samplePendingLogin,
  sampleRecoveryCode,
  sampleRememberedBrowser,
  sampleUser,
} from '../testing/sample-rows.ts';

const models = [
  ['Authenticator', sampleAuthenticator, ['secret']],
  ['RecoveryCode', sampleRecoveryCode, ['codeHash']],
  ['Passkey', samplePasskey, ['publicKey']],
  ['PasskeyChallenge', samplePasskeyChallenge, ['challengeHash', 'browserHash']],
  ['OidcIdentity', sampleOidcIdentity, []],
  ['OidcAttempt', sampleOidcAttempt, ['stateHash', 'browserHash']],
  ['PendingLogin', samplePendingLogin, ['tokenHash', 'proofHash']],
  ['RememberedBrowser', sampleRememberedBrowser, ['tokenHash']],
] as const;

describe.each(dialects)('on %s', (dialect) => {
  test.each(models)('%s comes back with its values, its secrets not in JSON', async (...each) => {
    const [name, makeSample, secrets] = each;
    await using place = await createTestDatabase(dialect);
    const { id: userId } = await place.database.User.create(sampleUser());
    const made = makeSample(userId) as { userId: string } & Record<string, unknown>;
    const model = place.database[name] as typeof place.database.Authenticator;
    await model.create(made as never);
    const found = await model.findOne({ where: { userId } });
    expect(found).toMatchObject(made);
    expect(found?.createdAt).toBeInstanceOf(Date);
    expect(JSON.stringify(found)).toContain(userId);
    for (const secret of secrets) {
      expect(JSON.stringify(found), secret).not.toContain(made[secret]);
    }
  });

  test.each(models)('%s goes with its user, and only with that one', async (name, makeSample) => {
    await using place = await createTestDatabase(dialect);
    const { User } = place.database;
    const model = place.database[name] as typeof place.database.Authenticator;
    const [leaving, staying] = [await User.create(sampleUser()), await User.create(sampleUser())];
    for (const { id } of [leaving, staying]) await model.create(makeSample(id) as never);
    await leaving.destroy();
    expect(await model.findAll()).toMatchObject([{ userId: staying.id }]);
  });
});
