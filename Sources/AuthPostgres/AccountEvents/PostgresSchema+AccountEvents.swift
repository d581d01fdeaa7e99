#if Postgres
extension PostgresSchema {
  static let accountEventTriggers = [
    "account_created", "account_deleted", "account_email_changed", "account_disabled", "account_enabled",
  ]

  /// What version 2 adds: what became of accounts, for other systems.
  var accountEventScript: String {
    """
    -- What became of accounts, for other systems, as long as one takes it. The triggers see to it that no change of an account,
    -- no matter which program makes it, is without its row. Changes of one account wait for each other, so that the numbers of
    -- its events are in the order in which they happened.
    CREATE TABLE \(name).account_event_lease (kept_until bigint NOT NULL);
    CREATE TABLE \(name).account_events (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      kind text NOT NULL,
      user_id bigint NOT NULL,
      email varchar(250) COLLATE "C" NOT NULL,
      at bigint NOT NULL,
      due_at bigint NOT NULL,
      tries bigint NOT NULL
    );
    CREATE INDEX account_events_due_at ON \(name).account_events (due_at);
    CREATE INDEX account_events_user_id ON \(name).account_events (user_id, number);

    \(trigger("account_created", on: "users", after: "INSERT", rows: "NEW", "'user_created'", from: "changed u"))
    \(trigger("account_deleted", on: "users", after: "DELETE", rows: "OLD", "'user_deleted'", from: "changed u"))
    \(trigger(
      "account_disabled", on: "disabled_users", after: "INSERT", rows: "NEW", "'user_disabled'",
      from: "changed c JOIN \(name).users u ON u.id = c.user_id"))
    -- When a user is deleted, there is none any more.
    \(trigger(
      "account_enabled", on: "disabled_users", after: "DELETE", rows: "OLD", "'user_enabled'",
      from: "changed c JOIN \(name).users u ON u.id = c.user_id"))
    -- A trigger for a column has no table of the rows that changed.
    CREATE FUNCTION \(name).account_email_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO \(name).account_events (id, kind, user_id, email, at, due_at, tries)
        SELECT gen_random_uuid()::text, 'user_email_changed', NEW.id, NEW.email, n.now, n.now, 0
        FROM (SELECT floor(extract(epoch FROM clock_timestamp()))::bigint) n(now)
        WHERE EXISTS (SELECT 1 FROM \(name).account_event_lease l WHERE l.kept_until > n.now);
      RETURN NULL;
    END $$;
    CREATE TRIGGER account_email_changed AFTER UPDATE OF email ON \(name).users
      FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION \(name).account_email_changed();

    CREATE FUNCTION \(name).keep_account_events_1(p_seconds bigint) RETURNS void LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      -- Two servers would each leave a row.
      LOCK TABLE \(name).account_event_lease IN SHARE ROW EXCLUSIVE MODE;
      DELETE FROM \(name).account_event_lease;
      INSERT INTO \(name).account_event_lease
        VALUES (floor(extract(epoch FROM clock_timestamp()))::bigint + p_seconds);
    END $$;

    -- An event that another server is claiming just now is skipped. It is the oldest of its account, because those of one account
    -- become visible in their order.
    CREATE FUNCTION \(name).claim_account_event_1(p_now bigint, p_until bigint)
    RETURNS SETOF \(name).account_events LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      RETURN QUERY UPDATE \(name).account_events SET tries = tries + 1, due_at = p_until
        WHERE number = (
          SELECT e.number FROM \(name).account_events e WHERE e.due_at <= p_now AND NOT EXISTS (
            SELECT 1 FROM \(name).account_events o WHERE o.user_id = e.user_id AND o.number < e.number)
          ORDER BY e.due_at, e.number LIMIT 1 FOR UPDATE OF e SKIP LOCKED)
        RETURNING *;
    END $$;

    CREATE FUNCTION \(name).postpone_account_event_1(p_id text, p_until bigint)
    RETURNS void LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      UPDATE \(name).account_events SET due_at = p_until WHERE id = p_id;
    END $$;

    CREATE FUNCTION \(name).remove_account_event_1(p_id text) RETURNS void LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      DELETE FROM \(name).account_events WHERE id = p_id;
    END $$;
    """
  }

  /// A trigger that adds an event for each row that a statement has changed.
  private func trigger(
    _ trigger: String, on table: String, after change: String, rows: String, _ kind: String, from users: String
  ) -> String {
    """
    CREATE FUNCTION \(name).\(trigger)() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO \(name).account_events (id, kind, user_id, email, at, due_at, tries)
        SELECT gen_random_uuid()::text, \(kind), u.id, u.email, n.now, n.now, 0
        FROM (SELECT floor(extract(epoch FROM clock_timestamp()))::bigint) n(now), \(users)
        WHERE EXISTS (SELECT 1 FROM \(name).account_event_lease l WHERE l.kept_until > n.now);
      RETURN NULL;
    END $$;
    CREATE TRIGGER \(trigger) AFTER \(change) ON \(name).\(table) REFERENCING \(rows) TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION \(name).\(trigger)();
    """
  }
}
#endif
