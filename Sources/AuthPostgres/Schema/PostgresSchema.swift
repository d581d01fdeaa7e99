#if Postgres
/// The tables and functions, and how a database of an earlier version gets them.
///
/// `users` has the five columns of the specification and no other. Every change goes through a function, which is one
/// transaction. A function's name ends with a number: a release that changes what it does, or takes, adds one with the next
/// number, so that servers of both releases can work side by side.
///
/// A role that does not own the tables needs to read them and to call the functions, and no more.
struct PostgresSchema: Sendable {
  /// The schema's name as SQL text, quoted.
  let name: String

  /// - Parameter name: a name that ``isUsable(_:)`` accepts.
  init(named name: String) {
    self.name = Self.quoted(name)
  }

  /// A name as SQL text.
  static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

  /// Whether SQL text can contain the name: PostgreSQL cuts longer names off, and the others would end a string of ours.
  static func isUsable(_ name: String) -> Bool {
    (1...63).contains(name.utf8.count) && !name.utf8.contains { [0, UInt8(ascii: "$"), UInt8(ascii: "\\")].contains($0) }
  }

  /// What the store reads.
  static let tables = [
    "users", "sessions", "reset_tokens", "disabled_users", "attempt_counters", "known_clients", "outbox", "registrations",
    "verified_emails", "unverified_users", "email_changes", "email_take_backs", "recovery_emails", "recovery_email_requests",
    "audit_events", "account_events", "account_event_lease", "schema_version",
  ]

  /// The functions that only the database calls.
  static let triggers =
    [
      "users_changed", "users_disabled", "users_reserved", "recovery_notices", "reset_tokens_of_unverified_users",
      "registrations_of_unverified_users",
    ] + accountEventTriggers

  /// The functions that the store calls have the rights of the tables' owner, not of their caller, who cannot put another
  /// function or operator in the place of PostgreSQL's own.
  var entryPointClauses: String { "SECURITY DEFINER SET search_path = pg_catalog, pg_temp" }

  /// The number of ``migrations``.
  var version: Int { migrations.count }

  /// The script at index n takes a database from version n to n + 1. A script that has been released never changes.
  ///
  /// Locks are taken in one order everywhere: counters, users by ascending id, sessions, tokens and registrations.
  var migrations: [String] {
    [
      [
        tableScript, throttlingFunctions, sessionFunctions, accountFunctions, resetTokenFunctions, outboxFunctions,
        disablingFunctions, administrationFunctions, maintenanceFunctions, eventFunctions,
      ].joined(separator: "\n"),
      [
        verificationScript, noticeScript, outboxScript, accountEventScript, emailChangeScript, recoveryEmailScript,
        unverifiedUserScript, sharedInsertionScript,
      ].joined(separator: "\n"),
    ]
  }

  private var tableScript: String {
    """
    CREATE TABLE \(name).users (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      email varchar(250) COLLATE "C" NOT NULL,
      hashed_password varchar(250) COLLATE "C" NOT NULL,
      session_id varchar(250) COLLATE "C",
      reset_token varchar(250) COLLATE "C"
    ) WITH (fillfactor = 85);
    -- In the collation "C", lower() folds the 26 ASCII letters and no others. There is no index on session_id and reset_token: it
    -- would make two row versions of each login that needs none.
    CREATE UNIQUE INDEX users_email ON \(name).users (lower(email));

    -- The id is the digest. `number` says in which order sessions were added. `user_email` is a copy, so that a profile is in one
    -- place.
    CREATE TABLE \(name).sessions (
      id bytea PRIMARY KEY,
      user_id bigint NOT NULL REFERENCES \(name).users (id) ON DELETE CASCADE,
      number bigint GENERATED ALWAYS AS IDENTITY,
      created_at bigint NOT NULL,
      last_used_at bigint NOT NULL,
      expires_at bigint NOT NULL,
      authenticated_at bigint,
      methods text NOT NULL,
      ip_address text,
      user_agent bytea,
      user_email varchar(250) COLLATE "C" NOT NULL
    ) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
    CREATE INDEX sessions_user_id ON \(name).sessions (user_id, number);
    CREATE INDEX sessions_expires_at ON \(name).sessions (expires_at);
    CREATE INDEX sessions_last_used_at ON \(name).sessions (last_used_at);

    CREATE TABLE \(name).reset_tokens (
      id bytea PRIMARY KEY,
      user_id bigint NOT NULL UNIQUE REFERENCES \(name).users (id) ON DELETE CASCADE,
      created_at bigint NOT NULL,
      expires_at bigint NOT NULL
    );
    CREATE INDEX reset_tokens_expires_at ON \(name).reset_tokens (expires_at);

    -- A user who has a row here is disabled, has no session and gets none, no matter which program inserts the row.
    CREATE TABLE \(name).disabled_users (
      user_id bigint PRIMARY KEY REFERENCES \(name).users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      disabled_at bigint NOT NULL
    );

    -- `key` is a digest of what is counted: emails that no account has are not written down.
    CREATE TABLE \(name).attempt_counters (
      kind bytea NOT NULL,
      key bytea NOT NULL,
      count bigint NOT NULL,
      last_at bigint NOT NULL,
      PRIMARY KEY (kind, key)
    ) WITH (fillfactor = 50);
    CREATE INDEX attempt_counters_last_at ON \(name).attempt_counters (last_at);

    -- Messages that wait, without tokens, which are issued on delivery. No foreign key: a notice outlives its account.
    CREATE TABLE \(name).outbox (
      id bytea PRIMARY KEY,
      kind bytea NOT NULL,
      user_id bigint,
      email varchar(250) COLLATE "C" NOT NULL,
      payload bytea,
      created_at bigint NOT NULL,
      due_at bigint NOT NULL,
      tries bigint NOT NULL
    );
    CREATE INDEX outbox_due_at ON \(name).outbox (due_at);
    CREATE INDEX outbox_kind ON \(name).outbox (kind);

    -- Ids grow with time. No foreign keys: what happened stays when the account goes.
    CREATE TABLE \(name).audit_events (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at bigint NOT NULL,
      kind text NOT NULL,
      user_id bigint,
      session_id text,
      ip_address text,
      user_agent bytea,
      request_id bytea,
      email_digest text
    );

    CREATE TABLE \(name).schema_version (version integer NOT NULL);
    INSERT INTO \(name).schema_version VALUES (1);

    CREATE FUNCTION \(name).users_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE \(name).sessions SET user_email = NEW.email WHERE user_id = NEW.id;
      RETURN NULL;
    END $$;
    CREATE TRIGGER users_changed AFTER UPDATE OF email ON \(name).users FOR EACH ROW EXECUTE FUNCTION \(name).users_changed();
    CREATE FUNCTION \(name).users_disabled() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      -- First, as everywhere: a login of this user waits, or is waited for.
      PERFORM 1 FROM \(name).users WHERE id = NEW.user_id FOR NO KEY UPDATE;
      DELETE FROM \(name).sessions WHERE user_id = NEW.user_id;
      UPDATE \(name).users SET session_id = NULL WHERE id = NEW.user_id AND session_id IS NOT NULL;
      RETURN NULL;
    END $$;
    CREATE TRIGGER users_disabled AFTER INSERT ON \(name).disabled_users
      FOR EACH ROW EXECUTE FUNCTION \(name).users_disabled();

    -- Each function begins with this: its own commit does not wait for the disk, because the store flushes many together.
    -- PostgreSQL puts this and the flush into the statement that calls them, as it does with functions of this form only.
    CREATE FUNCTION \(name).begin_1() RETURNS text LANGUAGE sql AS $$
      SELECT set_config('synchronous_commit', 'off', true)
    $$;
    -- Makes everything that was committed before it durable. Its transaction needs a record of its own in the log, or its commit
    -- waits for nothing: one that only met what another has deleted has written none. The setting must be made here, and not in
    -- a SET clause, which ends before the commit.
    CREATE FUNCTION \(name).flush_1() RETURNS text LANGUAGE sql AS $$
      SELECT concat(set_config('synchronous_commit', 'on', true), pg_logical_emit_message(true, 'auth', ''))
    $$;
    """
  }
}
#endif
