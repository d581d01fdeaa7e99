extension SQLiteSchema {
  /// A part of the script that takes a database to version 7.
  static let recoveryEmails = """

    -- Second emails of users, whose readers have confirmed them.
    CREATE TABLE recovery_emails (
      user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      email VARCHAR(250) NOT NULL,
      verified_at INTEGER NOT NULL
    );

    -- Those that wait for their readers; a user has one at most. `token` and `code` are digests of what the newest message has.
    CREATE TABLE recovery_email_requests (
      id VARCHAR(250) PRIMARY KEY NOT NULL,
      user_id INTEGER NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      email VARCHAR(250) NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      token VARCHAR(250),
      code VARCHAR(250),
      code_expires_at INTEGER,
      tries INTEGER NOT NULL
    );
    CREATE UNIQUE INDEX recovery_email_requests_token ON recovery_email_requests (token) WHERE token IS NOT NULL;
    CREATE INDEX recovery_email_requests_expires_at ON recovery_email_requests (expires_at);

    -- What `OutboxMessage.copy(to:of:id:)` says. The trigger sees to it that no notice of a change is without its copy, no matter
    -- which statement queues it. The id is a random UUID.
    CREATE TRIGGER recovery_notices AFTER INSERT ON outbox
    WHEN new.user_id IS NOT NULL AND new.kind IN (
      'password_changed', 'email_changed', 'recovery_email_changed', 'account_locked', 'account_unlocked', 'account_disabled',
      'account_enabled', 'account_deleted') BEGIN
      INSERT INTO outbox (id, kind, user_id, email, payload, created_at, due_at, tries)
      SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
          || substr('89AB', 1 + abs(random() % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
        'recovery_notice', u.id, r.email, new.kind || char(10) || u.email || char(10) || coalesce(new.payload, ''),
        new.created_at, new.created_at, 0
      FROM recovery_emails r JOIN users u ON u.id = r.user_id
      WHERE r.user_id = new.user_id AND r.email <> u.email COLLATE NOCASE AND r.email <> new.email COLLATE NOCASE;
    END;
    """
}
