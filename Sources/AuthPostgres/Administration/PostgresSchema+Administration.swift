#if Postgres
extension PostgresSchema {
  var administrationFunctions: String {
    """
    -- 0: another user has the email; 1: the message is one too many; 2: saved.
    CREATE FUNCTION \(name).create_user_1(
      p_email text, p_hash text, p_id bytea, p_kind bytea, p_user bigint, p_message_email text, p_payload bytea,
      p_created_at bigint, p_tries bigint, p_limit bigint, OUT outcome int, OUT new_id bigint
    ) LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      outcome := 0;
      PERFORM 1 FROM \(name).users WHERE lower(email) = lower(p_email COLLATE "C");
      IF FOUND THEN RETURN; END IF;
      outcome := 1;
      IF NOT \(name).queue_message_1(p_id, p_kind, p_user, p_message_email, p_payload, p_created_at, p_tries, p_limit) THEN
        RETURN;
      END IF;
      -- A user who was added meanwhile undoes the message, too: the unique index raises an error.
      INSERT INTO \(name).users (email, hashed_password) VALUES (p_email, p_hash) RETURNING id INTO new_id;
      outcome := 2;
    END $$;

    -- Of each user, in order: 0: added; 1: exists with this hash; 2: exists with another.
    CREATE FUNCTION \(name).import_users_1(p_emails text[], p_hashes text[], p_disabled_at bigint[])
    RETURNS int[] LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE
      outcomes int[] := array_fill(0, ARRAY[cardinality(p_emails)]);
      new_id bigint;
      hash text;
    BEGIN
      PERFORM \(name).begin_1();
      -- One import at a time: two would wait for each other's emails.
      PERFORM pg_advisory_xact_lock(hashtextextended('swift-auth import', 3));
      FOR i IN 1 .. cardinality(p_emails) LOOP
        new_id := \(name).insert_user_1(p_emails[i], p_hashes[i]);
        IF new_id IS NULL THEN
          SELECT hashed_password INTO hash FROM \(name).users WHERE lower(email) = lower(p_emails[i] COLLATE "C");
          outcomes[i] := CASE WHEN hash = p_hashes[i] THEN 1 ELSE 2 END;
        ELSE
          outcomes[i] := 0;
          IF p_disabled_at[i] IS NOT NULL THEN INSERT INTO \(name).disabled_users VALUES (new_id, p_disabled_at[i]); END IF;
        END IF;
      END LOOP;
      RETURN outcomes;
    END $$;

    CREATE FUNCTION \(name).erase_user_1(p_id bigint, p_kinds bytea[], p_keys bytea[])
    RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE address text;
    BEGIN
      PERFORM \(name).begin_1(), \(name).lock_counters_1(p_kinds, p_keys);
      DELETE FROM \(name).users WHERE id = p_id RETURNING email INTO address;
      IF NOT FOUND THEN RETURN false; END IF;
      DELETE FROM \(name).outbox WHERE user_id = p_id OR lower(email) = lower(address COLLATE "C");
      DELETE FROM \(name).attempt_counters c USING unnest(p_kinds, p_keys) k(kind, key) WHERE c.kind = k.kind AND c.key = k.key;
      RETURN true;
    END $$;
    """
  }
}
#endif
