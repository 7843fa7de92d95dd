import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import { sampleDeviceKey, sampleSecureLink, sampleUser } from '../testing/sample-rows.ts';

describe.each(dialects)('on %s', (dialect) => {
  test('SecureLink comes back with its values, and shows no hash in JSON', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, SecureLink } = place.database;
    const { id } = await User.create(sampleUser());
    const made = sampleSecureLink(id);
    await SecureLink.create(made);
    const found = await SecureLink.findOne({ where: { tokenHash: made.tokenHash } });
    expect(found).toMatchObject(made);
    expect(JSON.stringify(found)).toContain(id);
    expect(JSON.stringify(found)).not.toContain(made.tokenHash);
  });

  test('DeviceKey comes back with its values, and shows no secret in JSON', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, DeviceKey } = place.database;
    const { id } = await User.create(sampleUser());
    const made = sampleDeviceKey(id);
    await DeviceKey.create(made);
    const found = await DeviceKey.findByPk(id);
    expect(found).toMatchObject(made);
    expect(JSON.stringify(found)).toContain(id);
    expect(JSON.stringify(found)).not.toContain(made.secret);
  });
});
