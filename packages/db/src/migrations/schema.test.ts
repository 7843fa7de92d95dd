import { describe, expect, test } from 'vitest';
import { describeSchema } from '../testing/describe-schema.ts';
import { createTestDatabase, dialects } from '../testing/index.ts';
import {
  sampleActivity,
  sampleEmailLink,
  sampleDeviceKey,
  sampleFeedAddress,
  sampleInvitation,
  sampleMail,
  sampleOidcIdentity,
  samplePasskey,
  samplePasswordReset,
  sampleSecureLink,
  sampleSecurityEvent,
  sampleSecurityEventSource,
  sampleSession,
  sampleUser,
} from '../testing/sample-rows.ts';

const constraintAndIndexNames = [
  'ck_activities_address',
  'ck_activities_detail',
  'ck_activities_event',
  'ck_activities_note',
  'ck_activities_user_agent',
  'ck_article_reads_reader',
  'ck_article_reads_slug',
  'ck_article_reads_visitor_hash',
  'ck_authenticators_secret',
  'ck_device_keys_secret',
  'ck_email_links_email',
  'ck_email_links_next_path',
  'ck_email_links_password_hash',
  'ck_email_links_purpose',
  'ck_email_links_token_hash',
  'ck_feed_addresses_token_hash',
  'ck_invitations_code_hash',
  'ck_invitations_email',
  'ck_invitations_role',
  'ck_invitations_uses_left',
  'ck_mails_kind',
  'ck_mails_last_error',
  'ck_mails_recipient',
  'ck_oidc_attempts_browser_hash',
  'ck_oidc_attempts_next_path',
  'ck_oidc_attempts_purpose',
  'ck_oidc_attempts_state_hash',
  'ck_oidc_identities_issuer',
  'ck_oidc_identities_roles',
  'ck_oidc_identities_subject',
  'ck_passkey_challenges_browser_hash',
  'ck_passkey_challenges_challenge_hash',
  'ck_passkey_challenges_purpose',
  'ck_passkeys_counter',
  'ck_passkeys_id',
  'ck_passkeys_name',
  'ck_passkeys_public_key',
  'ck_passkeys_transports',
  'ck_password_resets_token_hash',
  'ck_pending_logins_proof_hash',
  'ck_pending_logins_token_hash',
  'ck_recovery_codes_code_hash',
  'ck_remembered_browsers_token_hash',
  'ck_secure_links_email',
  'ck_secure_links_token_hash',
  'ck_security_event_sources_address',
  'ck_security_event_sources_salt',
  'ck_security_events_event',
  'ck_security_events_hash',
  'ck_security_events_outcome',
  'ck_security_events_source_hash',
  'ck_sessions_address',
  'ck_sessions_token_hash',
  'ck_sessions_user_agent',
  'ck_users_email',
  'ck_users_name',
  'ck_users_password_hash',
  'ck_users_role_ends',
  'ck_users_roles',
  'ck_users_username',
  'fk_activities_user_id_users',
  'fk_article_reads_user_id_users',
  'fk_authenticators_user_id_users',
  'fk_device_keys_user_id_users',
  'fk_email_links_user_id_users',
  'fk_feed_addresses_user_id_users',
  'fk_invitations_user_id_users',
  'fk_mails_user_id_users',
  'fk_oidc_attempts_user_id_users',
  'fk_oidc_identities_user_id_users',
  'fk_passkey_challenges_user_id_users',
  'fk_passkeys_user_id_users',
  'fk_password_resets_user_id_users',
  'fk_pending_logins_user_id_users',
  'fk_recovery_codes_user_id_users',
  'fk_remembered_browsers_user_id_users',
  'fk_secure_links_user_id_users',
  'fk_security_event_sources_event_id_security_events',
  'fk_security_event_sources_user_id_users',
  'fk_sessions_user_id_users',
  'ix_activities_created_at',
  'ix_activities_user_id_created_at',
  'ix_article_reads_read_at',
  'ix_email_links_email',
  'ix_email_links_expires_at',
  'ix_email_links_user_id',
  'ix_invitations_created_at_id',
  'ix_invitations_expires_at',
  'ix_invitations_user_id',
  'ix_mails_created_at_id',
  'ix_mails_next_attempt_at',
  'ix_mails_unsent',
  'ix_mails_user_id',
  'ix_oidc_attempts_expires_at',
  'ix_oidc_attempts_user_id',
  'ix_oidc_identities_user_id',
  'ix_passkey_challenges_expires_at',
  'ix_passkey_challenges_user_id',
  'ix_passkeys_user_id',
  'ix_password_resets_expires_at',
  'ix_pending_logins_expires_at',
  'ix_pending_logins_user_id',
  'ix_rate_limits_expire',
  'ix_recovery_codes_user_id',
  'ix_remembered_browsers_expires_at',
  'ix_remembered_browsers_user_id',
  'ix_secure_links_expires_at',
  'ix_secure_links_user_id',
  'ix_security_event_sources_user_id',
  'ix_security_events_event_id',
  'ix_sessions_idle_expires_at',
  'ix_sessions_last_seen_at_id',
  'ix_sessions_user_id',
  'ix_users_created_at_id',
  'ix_users_disabled',
  'ix_users_roles',
  'ix_users_search_email',
  'ix_users_search_name',
  'ix_users_search_username',
  'ix_users_waiting',
  'ix_users_waiting_since',
  'pk_activities',
  'pk_article_reads',
  'pk_authenticators',
  'pk_daily_figures',
  'pk_device_keys',
  'pk_email_links',
  'pk_feed_addresses',
  'pk_invitations',
  'pk_mails',
  'pk_migrations',
  'pk_oidc_attempts',
  'pk_oidc_identities',
  'pk_passkey_challenges',
  'pk_passkeys',
  'pk_password_resets',
  'pk_pending_logins',
  'pk_rate_limits',
  'pk_recovery_codes',
  'pk_remembered_browsers',
  'pk_secure_links',
  'pk_security_event_sources',
  'pk_security_events',
  'pk_security_log_ends',
  'pk_sessions',
  'pk_users',
  'uq_article_reads_user_id_slug',
  'uq_article_reads_visitor_hash_slug',
  'uq_email_links_token_hash',
  'uq_feed_addresses_token_hash',
  'uq_invitations_code_hash',
  'uq_oidc_identities_issuer_subject',
  'uq_password_resets_token_hash',
  'uq_secure_links_token_hash',
  'uq_sessions_token_hash',
  'uq_users_email',
  'uq_users_username',
];

describe.each(dialects)('the migrated tables on %s', (dialect) => {
  test('have their constraints and indexes under their names', async () => {
    await using migrated = await createTestDatabase(dialect);
    expect((await describeSchema(migrated.database)).names).toEqual(constraintAndIndexNames);
  });

  test('have the columns, types, nullability and defaults of the models', async () => {
    await using migrated = await createTestDatabase(dialect);
    await using synced = await createTestDatabase(dialect, 'empty');
    await synced.database.sequelize.sync();
    const { columns } = await describeSchema(migrated.database);
    const ofModels = columns.filter((column) => Reflect.get(column, 'table') !== 'migrations');
    expect(ofModels).toHaveLength(165);
    expect(ofModels).toEqual((await describeSchema(synced.database)).columns);
  });

  test('have the columns that rate-limiter-flexible fills by position', async () => {
    await using migrated = await createTestDatabase(dialect);
    const { sequelize, RateLimit } = migrated.database;
    await sequelize.query(`INSERT INTO rate_limits VALUES ('a', 2, 1795000000000)
      ON CONFLICT(key) DO UPDATE SET points = rate_limits.points + 1`);
    expect((await RateLimit.findOne())?.get()).toEqual({
      key: 'a',
      points: 2,
      expire: 1_795_000_000_000,
    });
  });

  test.each([
    ['ck_users_name', { name: '  ' }],
    ['ck_users_email', { email: 'nobody.example.com' }],
    ['ck_users_username', { username: 'somebody@example.com' }],
    ['ck_users_username', { username: '' }],
    ['ck_users_password_hash', { passwordHash: 'correct horse battery staple' }],
    ['ck_users_roles', { roles: {} as string[] }],
    ['ck_users_role_ends', { roleEnds: [] as unknown as Record<string, string> }],
  ])('refuse by %s a user with %j', async (constraint, overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const create = migrated.database.User.create(sampleUser(overrides));
    await expect(create).rejects.toMatchObject({
      parent: { message: expect.stringContaining(constraint) as string },
    });
  });

  test.each([
    ['name', 80, 'n'],
    ['username', 30, 'n'],
    ['passwordHash', 255, '$'],
  ] as const)('hold a %s of %i characters and no more', async (field, length, character) => {
    await using migrated = await createTestDatabase(dialect);
    const { User } = migrated.database;
    await User.create(sampleUser({ [field]: character.repeat(length) }));
    await expect(
      User.create(sampleUser({ [field]: character.repeat(length + 1) })),
    ).rejects.toThrow();
    expect(await User.count()).toBe(1);
  });

  test('hold an email of 254 characters and no more', async () => {
    await using migrated = await createTestDatabase(dialect);
    const { User } = migrated.database;
    const domain = '@example.com';
    await User.create(sampleUser({ email: 'e'.repeat(254 - domain.length) + domain }));
    const tooLong = 'f'.repeat(255 - domain.length) + domain;
    await expect(User.create(sampleUser({ email: tooLong }))).rejects.toThrow();
  });

  test.each([
    { tokenHash: 'a'.repeat(63) },
    { tokenHash: 'G'.repeat(64) },
    { address: '1'.repeat(46) },
    { userAgent: 'x'.repeat(401) },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse a session with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { User, Session } = migrated.database;
    const user = await User.create(sampleUser());
    await Session.create(sampleSession(user.id));
    await expect(Session.create(sampleSession(user.id, overrides))).rejects.toThrow();
    expect(await Session.count()).toBe(1);
  });

  test.each([
    { tokenHash: 'a'.repeat(63) },
    { tokenHash: 'G'.repeat(64) },
    { tokenHash: 'a'.repeat(64) },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse a link to set a password with %j, and a second one', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { User, PasswordReset } = migrated.database;
    const [one, other] = [await User.create(sampleUser()), await User.create(sampleUser())];
    const create = (id: string, more: object) =>
      PasswordReset.create(samplePasswordReset(id, more));
    await create(one.id, { tokenHash: 'a'.repeat(64) });
    await expect(create(other.id, overrides)).rejects.toThrow();
    await expect(create(one.id, {})).rejects.toThrow();
    await create(other.id, {});
  });

  test.each([
    { userId: null, visitorHash: null },
    { userId: null, visitorHash: 'x'.repeat(64) },
    { visitorHash: 'a'.repeat(63) },
    { slug: '' },
    { slug: 's'.repeat(201) },
    { slug: 'known' },
    { userId: null, slug: 'known' },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse the read of an article with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { User, ArticleRead } = migrated.database;
    const { id: userId } = await User.create(sampleUser());
    const read = { userId, visitorHash: 'a'.repeat(64), slug: 'known', readAt: new Date() };
    await ArticleRead.create(read);
    const another = { ...read, slug: 'another' };
    await expect(ArticleRead.create({ ...another, ...overrides })).rejects.toThrow();
    expect(await ArticleRead.count()).toBe(1);
    await User.destroy({ where: { id: userId } });
    expect(await ArticleRead.count()).toBe(0);
  });

  test.each([
    { event: '' },
    { event: 'x'.repeat(41) },
    { detail: 'x'.repeat(41) },
    { address: '1'.repeat(46) },
    { userAgent: 'x'.repeat(401) },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse an activity with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { User, Activity } = migrated.database;
    const user = await User.create(sampleUser());
    await Activity.create(sampleActivity(user.id));
    await expect(Activity.create(sampleActivity(user.id, overrides))).rejects.toThrow();
    expect(await Activity.count()).toBe(1);
  });

  test.each([
    { tokenHash: 'a'.repeat(63) },
    { tokenHash: 'G'.repeat(64) },
    { tokenHash: 'f'.repeat(64) },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse the address of a feed with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { User, FeedAddress } = migrated.database;
    const [one, other] = [await User.create(sampleUser()), await User.create(sampleUser())];
    await FeedAddress.create(sampleFeedAddress(one.id, { tokenHash: 'f'.repeat(64) }));
    await expect(FeedAddress.create(sampleFeedAddress(other.id, overrides))).rejects.toThrow();
    expect(await FeedAddress.count()).toBe(1);
  });

  test.each([
    { subject: 'the same' },
    { subject: '' },
    { subject: 's'.repeat(256) },
    { issuer: '' },
    { roles: {} as string[] },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse an account at a provider with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { User, OidcIdentity } = migrated.database;
    const [one, other] = [await User.create(sampleUser()), await User.create(sampleUser())];
    await OidcIdentity.create(sampleOidcIdentity(one.id, { subject: 'the same' }));
    await expect(OidcIdentity.create(sampleOidcIdentity(other.id, overrides))).rejects.toThrow();
    expect(await OidcIdentity.count()).toBe(1);
  });

  test.each([
    { id: '' },
    { counter: -1 },
    { name: ' ' },
    { name: 'n'.repeat(81) },
    { transports: {} as string[] },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse a passkey with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { User, Passkey } = migrated.database;
    const { id } = await User.create(sampleUser());
    await Passkey.create(samplePasskey(id));
    await expect(Passkey.create(samplePasskey(id, overrides))).rejects.toThrow();
    expect(await Passkey.count()).toBe(1);
  });

  test.each([
    { kind: '' },
    { kind: 'x'.repeat(41) },
    { recipient: 'nobody' },
    { recipient: `${'r'.repeat(250)}@b.cd` },
    { lastError: 'x'.repeat(201) },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse a mail with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { Mail } = migrated.database;
    await Mail.create(sampleMail());
    await expect(Mail.create(sampleMail(overrides))).rejects.toThrow();
    expect(await Mail.count()).toBe(1);
  });

  test.each([
    { purpose: '' as 'registration' },
    { purpose: 'x'.repeat(21) as 'registration' },
    { email: 'nobody' },
    { passwordHash: 'correct horse battery staple' },
    { nextPath: '' },
    { tokenHash: 'a'.repeat(63) },
    { tokenHash: 'f'.repeat(64) },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse the link of a mail with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { EmailLink } = migrated.database;
    await EmailLink.create(sampleEmailLink({ tokenHash: 'f'.repeat(64) }));
    await expect(EmailLink.create(sampleEmailLink(overrides))).rejects.toThrow();
    expect(await EmailLink.count()).toBe(1);
  });

  test.each([
    { codeHash: 'a'.repeat(63) },
    { codeHash: 'f'.repeat(64) },
    { email: 'nobody' },
    { role: '' },
    { usesLeft: -1 },
    { usesLeft: 2 },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse an invitation with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { Invitation } = migrated.database;
    await Invitation.create(sampleInvitation({ codeHash: 'f'.repeat(64) }));
    await expect(Invitation.create(sampleInvitation(overrides))).rejects.toThrow();
    expect(await Invitation.count()).toBe(1);
  });

  test.each([
    { email: 'nobody' },
    { email: `${'r'.repeat(250)}@b.cd` },
    { tokenHash: 'a'.repeat(63) },
    { tokenHash: 'G'.repeat(64) },
    { tokenHash: 'a'.repeat(64) },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse a link to secure an account with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { User, SecureLink } = migrated.database;
    const { id } = await User.create(sampleUser());
    await SecureLink.create(sampleSecureLink(id, { tokenHash: 'a'.repeat(64) }));
    await expect(SecureLink.create(sampleSecureLink(id, overrides))).rejects.toThrow();
    await SecureLink.create(sampleSecureLink(id));
    await User.destroy({ where: { id } });
    expect(await SecureLink.count()).toBe(0);
  });

  test.each([
    { secret: 'x'.repeat(42) },
    { secret: 'x'.repeat(44) },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse a key of somebody’s browsers with %j, and a second one', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { User, DeviceKey } = migrated.database;
    const { id } = await User.create(sampleUser());
    await expect(DeviceKey.create(sampleDeviceKey(id, overrides))).rejects.toThrow();
    await DeviceKey.create(sampleDeviceKey(id));
    await expect(DeviceKey.create(sampleDeviceKey(id))).rejects.toThrow();
    await User.destroy({ where: { id } });
    expect(await DeviceKey.count()).toBe(0);
  });

  test.each([
    { event: '' },
    { event: 'x'.repeat(41) },
    { outcome: 'x'.repeat(91) },
    { sourceHash: 'a'.repeat(63) },
    { hash: 'G'.repeat(64) },
    { id: 1 },
  ])('refuse a row of the security log with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { SecurityEvent } = migrated.database;
    await SecurityEvent.create(sampleSecurityEvent());
    const second = sampleSecurityEvent({ id: 2, ...overrides });
    await expect(SecurityEvent.create(second)).rejects.toThrow();
    expect(await SecurityEvent.count()).toBe(1);
  });

  test.each([
    { eventId: 2 },
    { salt: 'a'.repeat(31) },
    { address: '1'.repeat(46) },
    { userId: '00000000-0000-4000-8000-000000000000' },
  ])('refuse the source of a row of the log with %j', async (overrides) => {
    await using migrated = await createTestDatabase(dialect);
    const { SecurityEvent, SecurityEventSource } = migrated.database;
    await SecurityEvent.create(sampleSecurityEvent());
    const create = (more: object) => SecurityEventSource.create(sampleSecurityEventSource(1, more));
    await expect(create(overrides)).rejects.toThrow();
    await create({});
    await expect(create({})).rejects.toThrow();
  });

  test('refuse a second address of a person’s feed', async () => {
    await using migrated = await createTestDatabase(dialect);
    const { User, FeedAddress } = migrated.database;
    const { id } = await User.create(sampleUser());
    await FeedAddress.create(sampleFeedAddress(id));
    await expect(FeedAddress.create(sampleFeedAddress(id))).rejects.toThrow();
    expect(await FeedAddress.count()).toBe(1);
  });
});
