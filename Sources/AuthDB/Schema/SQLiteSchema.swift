/// The tables, and how a database of an earlier version gets them.
///
/// `users` has the five columns of the specification and no other. What is issued and ends has a table of its own, to which the
/// two nullable columns point: the newest session, the reset token in force. All moments are whole seconds since 1970, UTC.
enum SQLiteSchema {
  /// "AUTH": marks the file as ours (https://sqlite.org/pragma.html#pragma_application_id).
  static let applicationID: Int64 = 0x4155_5448

  /// The script at index n takes a database from version n to n + 1. A script that has been released never changes.
  static let migrations = [
    """
    CREATE TABLE users (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      email VARCHAR(250) NOT NULL,
      hashed_password VARCHAR(250) NOT NULL,
      session_id VARCHAR(250) REFERENCES sessions (id) ON DELETE SET NULL,
      reset_token VARCHAR(250) REFERENCES reset_tokens (id) ON DELETE SET NULL
    );
    -- NOCASE folds the 26 ASCII letters and no others.
    CREATE UNIQUE INDEX users_email ON users (email COLLATE NOCASE);
    -- Without these two, ending a session would look through all users for the one who points to it.
    CREATE INDEX users_session_id ON users (session_id) WHERE session_id IS NOT NULL;
    CREATE INDEX users_reset_token ON users (reset_token) WHERE reset_token IS NOT NULL;

    CREATE TABLE sessions (
      id VARCHAR(250) PRIMARY KEY NOT NULL,
      user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      address TEXT,
      user_agent TEXT
    );
    CREATE INDEX sessions_user_id ON sessions (user_id);

    CREATE TABLE reset_tokens (
      id VARCHAR(250) PRIMARY KEY NOT NULL,
      user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    );
    CREATE INDEX reset_tokens_user_id ON reset_tokens (user_id);
    """,
    """
    -- So that the sweep of ended rows finds them without a look at all the others.
    CREATE INDEX sessions_expires_at ON sessions (expires_at);
    CREATE INDEX sessions_last_used_at ON sessions (last_used_at);
    CREATE INDEX reset_tokens_expires_at ON reset_tokens (expires_at);

    -- `key` is a digest of what is counted: emails that no account has are not written down.
    CREATE TABLE login_failures (
      key VARCHAR(250) PRIMARY KEY NOT NULL,
      count INTEGER NOT NULL,
      last_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX login_failures_last_at ON login_failures (last_at);

    -- What is to be sent, without the token: it is made when it is sent.
    CREATE TABLE reset_requests (
      id VARCHAR(250) PRIMARY KEY NOT NULL,
      email VARCHAR(250) NOT NULL,
      created_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      tries INTEGER NOT NULL
    );
    CREATE INDEX reset_requests_due_at ON reset_requests (due_at);

    -- Ids grow with time. No foreign keys: what happened stays when the account goes.
    CREATE TABLE audit_events (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      user_id INTEGER,
      session_id TEXT,
      address TEXT,
      user_agent TEXT,
      request_id TEXT
    );
    """,
    """
    -- `key` is made of `id`, so that a lookup reads a page of the table and none of an index. `number` says in which order a
    -- user's sessions were added, as the rowid did.
    CREATE TABLE keyed_sessions (
      key INTEGER PRIMARY KEY,
      id VARCHAR(250) NOT NULL,
      user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      address TEXT,
      user_agent TEXT
    );
    INSERT INTO keyed_sessions
    SELECT session_key(id), id, user_id, rowid, created_at, last_used_at, expires_at, address, user_agent FROM sessions ORDER BY 1;
    DROP TABLE sessions;
    -- So that all that refers to `sessions` stays as it is, an operator's views too.
    PRAGMA legacy_alter_table = ON;
    ALTER TABLE keyed_sessions RENAME TO sessions;
    PRAGMA legacy_alter_table = OFF;
    -- `users.session_id` refers to it.
    CREATE UNIQUE INDEX sessions_id ON sessions (id);
    CREATE INDEX sessions_user_id ON sessions (user_id, number);
    CREATE INDEX sessions_expires_at ON sessions (expires_at);
    CREATE INDEX sessions_last_used_at ON sessions (last_used_at);
    """,
    """
    -- A copy of the user's email, so that a profile is in one place; NULL in sessions that were opened before.
    ALTER TABLE sessions ADD COLUMN user_email VARCHAR(250);
    CREATE TRIGGER users_changed AFTER UPDATE OF id, email ON users BEGIN
      UPDATE sessions SET user_id = new.id, user_email = new.email WHERE user_id = old.id;
    END;
    -- As the foreign key does, but it is off for operators who delete by hand.
    CREATE TRIGGER users_deleted AFTER DELETE ON users BEGIN
      DELETE FROM sessions WHERE user_id = old.id;
    END;
    """,
    """
    -- When and how the user authenticated. Sessions of earlier releases were opened with a password, when they were created: the
    -- default says so without rewriting them.
    ALTER TABLE sessions ADD COLUMN authenticated_at INTEGER;
    ALTER TABLE sessions ADD COLUMN methods TEXT NOT NULL DEFAULT 'pwd';
    ALTER TABLE sessions RENAME COLUMN address TO ip_address;
    ALTER TABLE audit_events RENAME COLUMN address TO ip_address;

    -- A kind in place of a prefix. `key` is a digest: emails that no account has are not written down.
    CREATE TABLE attempt_counters (
      kind TEXT NOT NULL,
      key VARCHAR(250) NOT NULL,
      count INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      PRIMARY KEY (kind, key)
    ) WITHOUT ROWID;
    INSERT INTO attempt_counters
    SELECT replace(substr(key, 1, instr(key, ':') - 1), '-address', '-email'), substr(key, instr(key, ':') + 1), count, last_at
    FROM login_failures WHERE instr(key, ':') > 0;
    DROP TABLE login_failures;
    CREATE INDEX attempt_counters_last_at ON attempt_counters (last_at);

    -- All messages that wait, without tokens, which are issued on delivery. No foreign key: a notice outlives its account.
    CREATE TABLE outbox (
      id VARCHAR(250) PRIMARY KEY NOT NULL,
      kind TEXT NOT NULL,
      user_id INTEGER,
      email VARCHAR(250) NOT NULL,
      payload TEXT,
      created_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      tries INTEGER NOT NULL
    );
    INSERT INTO outbox SELECT id, 'password_reset', NULL, email, NULL, created_at, due_at, tries FROM reset_requests;
    DROP TABLE reset_requests;
    CREATE INDEX outbox_due_at ON outbox (due_at);
    CREATE INDEX outbox_kind ON outbox (kind);
    """,
    """
    -- A user who has a row here is disabled, has no session and gets none, no matter which program inserts the row.
    CREATE TABLE disabled_users (
      user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      disabled_at INTEGER NOT NULL
    );
    CREATE TRIGGER users_disabled AFTER INSERT ON disabled_users BEGIN
      DELETE FROM sessions WHERE user_id = new.user_id;
    END;
    CREATE TRIGGER sessions_of_disabled_users BEFORE INSERT ON sessions
    WHEN EXISTS (SELECT 1 FROM disabled_users WHERE user_id = new.user_id) BEGIN
      SELECT raise(ABORT, 'the user is disabled');
    END;

    -- The digest of an email that no account has, or whose account is not known: emails are not written down.
    ALTER TABLE audit_events ADD COLUMN email_digest TEXT;
    """,
    """
    -- Accounts to be, which exist once their email is verified; several may wait for one email. `token` and `code` are digests of
    -- what the newest message has.
    CREATE TABLE registrations (
      id VARCHAR(250) PRIMARY KEY NOT NULL,
      email VARCHAR(250) NOT NULL,
      hashed_password VARCHAR(250) NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      token VARCHAR(250),
      code VARCHAR(250),
      code_expires_at INTEGER,
      tries INTEGER NOT NULL
    );
    CREATE INDEX registrations_email ON registrations (email COLLATE NOCASE);
    CREATE UNIQUE INDEX registrations_token ON registrations (token) WHERE token IS NOT NULL;
    CREATE INDEX registrations_expires_at ON registrations (expires_at);

    -- `email` is what was verified: if the user has another now, that one is not.
    CREATE TABLE verified_emails (
      user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      email VARCHAR(250) NOT NULL,
      verified_at INTEGER NOT NULL
    );

    -- Changes of emails that wait for the new one; a user has one at most. `token` and `code` are digests of what the newest
    -- message has.
    CREATE TABLE email_changes (
      id VARCHAR(250) PRIMARY KEY NOT NULL,
      user_id INTEGER NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      former_email VARCHAR(250) NOT NULL,
      email VARCHAR(250) NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      token VARCHAR(250),
      code VARCHAR(250),
      code_expires_at INTEGER,
      tries INTEGER NOT NULL
    );
    CREATE UNIQUE INDEX email_changes_token ON email_changes (token) WHERE token IS NOT NULL;
    CREATE INDEX email_changes_expires_at ON email_changes (expires_at);

    -- A row for each message to a former email with which its reader takes it back. `step` counts the changes of a user; it is 0
    -- until the change has happened. From then on the row keeps the email from other users.
    CREATE TABLE email_take_backs (
      id VARCHAR(250) PRIMARY KEY NOT NULL,
      user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      email VARCHAR(250) NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      token VARCHAR(250),
      step INTEGER NOT NULL
    );
    CREATE INDEX email_take_backs_user_id ON email_take_backs (user_id, step);
    CREATE INDEX email_take_backs_email ON email_take_backs (email COLLATE NOCASE) WHERE step > 0;
    CREATE UNIQUE INDEX email_take_backs_token ON email_take_backs (token) WHERE token IS NOT NULL;
    CREATE INDEX email_take_backs_expires_at ON email_take_backs (expires_at);

    -- From where a user has logged in, as digests, and when last. A digest of zeros says that they have logged in before.
    CREATE TABLE known_clients (
      user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      digest VARCHAR(250) NOT NULL,
      last_seen INTEGER NOT NULL,
      PRIMARY KEY (user_id, digest)
    ) WITHOUT ROWID;
    CREATE INDEX known_clients_last_seen ON known_clients (last_seen);

    -- Which message of a kind to an email is the first, and how old the oldest of a kind is.
    CREATE INDEX outbox_order ON outbox (email COLLATE NOCASE, kind, created_at);
    DROP INDEX outbox_kind;
    CREATE INDEX outbox_kind ON outbox (kind, created_at);

    -- What became of accounts, for other systems, as long as one takes it. The triggers see to it that no change of an account,
    -- no matter which program makes it, is without its row.
    CREATE TABLE account_event_lease (kept_until INTEGER NOT NULL);
    CREATE TABLE account_events (
      number INTEGER PRIMARY KEY,
      id VARCHAR(250) NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      user_id INTEGER NOT NULL,
      email VARCHAR(250) NOT NULL,
      at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      tries INTEGER NOT NULL
    );
    CREATE INDEX account_events_due_at ON account_events (due_at);
    CREATE INDEX account_events_user_id ON account_events (user_id);
    CREATE TRIGGER account_created AFTER INSERT ON users
    WHEN unixepoch() < (SELECT max(kept_until) FROM account_event_lease) BEGIN
      INSERT INTO account_events (id, kind, user_id, email, at, due_at, tries)
      VALUES (lower(hex(randomblob(16))), 'user_created', new.id, new.email, unixepoch(), unixepoch(), 0);
    END;
    CREATE TRIGGER account_deleted AFTER DELETE ON users
    WHEN unixepoch() < (SELECT max(kept_until) FROM account_event_lease) BEGIN
      INSERT INTO account_events (id, kind, user_id, email, at, due_at, tries)
      VALUES (lower(hex(randomblob(16))), 'user_deleted', old.id, old.email, unixepoch(), unixepoch(), 0);
    END;
    CREATE TRIGGER account_email_changed AFTER UPDATE OF email ON users
    WHEN old.email COLLATE BINARY IS NOT new.email
      AND unixepoch() < (SELECT max(kept_until) FROM account_event_lease) BEGIN
      INSERT INTO account_events (id, kind, user_id, email, at, due_at, tries)
      VALUES (lower(hex(randomblob(16))), 'user_email_changed', new.id, new.email, unixepoch(), unixepoch(), 0);
    END;
    CREATE TRIGGER account_disabled AFTER INSERT ON disabled_users
    WHEN unixepoch() < (SELECT max(kept_until) FROM account_event_lease) BEGIN
      INSERT INTO account_events (id, kind, user_id, email, at, due_at, tries)
      SELECT lower(hex(randomblob(16))), 'user_disabled', id, email, unixepoch(), unixepoch(), 0 FROM users
      WHERE id = new.user_id;
    END;
    -- When a user is deleted, there is none any more.
    CREATE TRIGGER account_enabled AFTER DELETE ON disabled_users
    WHEN unixepoch() < (SELECT max(kept_until) FROM account_event_lease) BEGIN
      INSERT INTO account_events (id, kind, user_id, email, at, due_at, tries)
      SELECT lower(hex(randomblob(16))), 'user_enabled', id, email, unixepoch(), unixepoch(), 0 FROM users
      WHERE id = old.user_id;
    END;
    """ + recoveryEmails + unverifiedUsers,
  ]

  static var version: Int64 { Int64(migrations.count) }

  /// The version that gives sessions their keys.
  private static let versionOfKeys = 3

  /// How long a process waits for another one that migrates the same file.
  private static let migrationPatience = Duration.seconds(600)

  /// Brings the database to ``version`` in one transaction, and only once even if two processes start at the same time. Foreign
  /// keys must be off: otherwise dropping a table that is replaced would change the rows that refer to it.
  static func migrate(_ connection: SQLiteConnection, path: String, reporter: MigrationReporter) throws {
    guard try needsMigration(connection, path: path) else { return }
    let found = try connection.pragma("user_version")
    // A file that is being created needs no report.
    let progress = found == 0 ? nil : MigrationProgress(of: path, from: found, reporter)
    try connection.waiting(upTo: migrationPatience) {
      try connection.transaction { try migrate(locked: connection, path: path, progress) }
    }
    // After a table has been replaced, the write-ahead log is as large as the table. If the disk is full, it is emptied later.
    _ = try? connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    progress?.end()
  }

  private static func migrate(locked connection: SQLiteConnection, path: String, _ progress: MigrationProgress?) throws {
    // Checked again under the lock: another process may have migrated the file in the meantime.
    guard try needsMigration(connection, path: path) else { return }
    try connection.defineSessionKey { progress?.noteRow() }
    let found = try Int(connection.pragma("user_version"))
    try connection.watching(every: MigrationProgress.stepsBetweenLooks, { progress?.look(at: $0) }) {
      for (index, script) in migrations.enumerated().dropFirst(found) {
        if let progress {
          // `session_key` is called for each session.
          let readsSessions = index + 1 == versionOfKeys
          let rows = try readsSessions ? connection.query("SELECT count(*) FROM sessions") { $0.integer(0) }.first : nil
          progress.begin(version: Int64(index + 1), rows: rows)
        }
        try connection.execute(script)
      }
    }
    try connection.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
  }

  /// - Throws: ``SQLiteOpenError`` when this is not a database of ours, or one of a newer release.
  static func needsMigration(_ connection: SQLiteConnection, path: String) throws -> Bool {
    let isEmpty = try connection.query("SELECT count(*) FROM sqlite_schema") { $0.integer(0) } == [0]
    let isOurs = try connection.pragma("application_id") == applicationID
    guard isOurs || isEmpty else { throw SQLiteOpenError.foreignDatabase(path: path) }
    let found = isEmpty ? 0 : try connection.pragma("user_version")
    guard found <= version else { throw SQLiteOpenError.newerSchema(path: path, found: found, known: version) }
    return found < version
  }
}
