#if Postgres
extension PostgresSchema {
  /// What version 2 adds: accounts that are used before their email is verified.
  var unverifiedUserScript: String {
    """
    -- A user who has a row here is unverified, ends at `expires_at`, and gets no reset token, no matter which program inserts it:
    -- one of an earlier release, too. `registration` is the id of the one that has added the user, and goes with the row.
    CREATE TABLE \(name).unverified_users (
      user_id bigint PRIMARY KEY REFERENCES \(name).users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      registration bytea NOT NULL UNIQUE,
      expires_at bigint NOT NULL
    );
    CREATE INDEX unverified_users_expires_at ON \(name).unverified_users (expires_at);
    CREATE FUNCTION \(name).reset_tokens_of_unverified_users() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM \(name).unverified_users WHERE user_id = NEW.user_id;
      IF FOUND THEN RAISE check_violation USING MESSAGE = 'the user is unverified'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reset_tokens_of_unverified_users BEFORE INSERT ON \(name).reset_tokens
      FOR EACH ROW EXECUTE FUNCTION \(name).reset_tokens_of_unverified_users();

    CREATE FUNCTION \(name).registrations_of_unverified_users() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM \(name).registrations WHERE id = OLD.registration;
      RETURN NULL;
    END $$;
    CREATE TRIGGER registrations_of_unverified_users AFTER DELETE ON \(name).unverified_users
      FOR EACH ROW EXECUTE FUNCTION \(name).registrations_of_unverified_users();

    -- 0: another user has the email; 1: the message is one too many; 2: the registration waits beside an unverified user;
    -- 3: the user was added.
    CREATE FUNCTION \(name).open_unverified_account_1(
      p_id bytea, p_email text, p_hash text, p_created_at bigint, p_expires_at bigint, p_message_id bytea, p_kind bytea,
      p_user bigint, p_message_email text, p_payload bytea, p_message_created_at bigint, p_tries bigint, p_limit bigint,
      OUT outcome int, OUT new_id bigint
    ) LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE former bigint;
    BEGIN
      PERFORM \(name).begin_1();
      -- As for completions: whether the email has an unverified user stays so until the end.
      PERFORM pg_advisory_xact_lock(hashtextextended(lower(p_email COLLATE "C"), 3));
      -- An earlier call may have succeeded although its response was lost.
      PERFORM 1 FROM \(name).registrations WHERE id = p_id;
      IF FOUND THEN
        SELECT w.user_id INTO new_id FROM \(name).unverified_users w WHERE w.registration = p_id;
        outcome := CASE WHEN new_id IS NULL THEN 2 ELSE 3 END;
        RETURN;
      END IF;
      SELECT u.id INTO former FROM \(name).users u WHERE lower(u.email) = lower(p_email COLLATE "C");
      outcome := 0;
      IF former IS NOT NULL THEN
        PERFORM 1 FROM \(name).unverified_users w WHERE w.user_id = former;
        IF NOT FOUND THEN RETURN; END IF;
      END IF;
      outcome := 1;
      IF NOT \(name).queue_message_1(
        p_message_id, p_kind, p_user, p_message_email, p_payload, p_message_created_at, p_tries, p_limit)
      THEN RETURN; END IF;
      INSERT INTO \(name).registrations VALUES (p_id, p_email, p_hash, p_created_at, p_expires_at, NULL, NULL, NULL, 0);
      outcome := 2;
      IF former IS NOT NULL THEN RETURN; END IF;
      -- A user who was added meanwhile undoes the registration, too: the unique index raises an error.
      INSERT INTO \(name).users (email, hashed_password) VALUES (p_email, p_hash) RETURNING id INTO new_id;
      INSERT INTO \(name).unverified_users VALUES (new_id, p_id, p_expires_at);
      outcome := 3;
    END $$;

    -- 0: there is no such user; 1: there was nothing to vouch for; 2: the user is vouched for now.
    CREATE FUNCTION \(name).vouch_for_email_1(p_id bigint) RETURNS int LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE address text;
    BEGIN
      PERFORM \(name).begin_1();
      SELECT u.email INTO address FROM \(name).users u WHERE u.id = p_id;
      IF NOT FOUND THEN RETURN 0; END IF;
      PERFORM pg_advisory_xact_lock(hashtextextended(lower(address COLLATE "C"), 3));
      PERFORM 1 FROM \(name).users WHERE id = p_id FOR NO KEY UPDATE;
      DELETE FROM \(name).unverified_users WHERE user_id = p_id;
      IF NOT FOUND THEN RETURN 1; END IF;
      DELETE FROM \(name).registrations WHERE lower(email) = lower(address COLLATE "C");
      RETURN 2;
    END $$;

    -- As before; an unverified user comes without a token.
    CREATE FUNCTION \(name).add_reset_token_2(p_id bytea, p_created_at bigint, p_expires_at bigint, p_email text)
    RETURNS SETOF \(name).users LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      PERFORM 1 FROM \(name).users WHERE lower(email) = lower(p_email COLLATE "C") FOR NO KEY UPDATE;
      RETURN QUERY SELECT u.* FROM \(name).users u JOIN \(name).unverified_users w ON w.user_id = u.id
        WHERE lower(u.email) = lower(p_email COLLATE "C");
      IF FOUND THEN RETURN; END IF;
      RETURN QUERY SELECT * FROM \(name).add_reset_token_1(p_id, p_created_at, p_expires_at, p_email);
    END $$;
    """
  }
}
#endif
