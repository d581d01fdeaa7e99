#if Postgres
extension PostgresSchema {
  /// Each function with a 2 calls that with a 1, which has done the same, and voids the user's open change in its transaction.
  var emailChangeScript: String { emailChangeTables + emailChangeFunctions + voidingFunctions }

  private var emailChangeTables: String {
    """
    -- Changes of emails that wait for the new one; a user has one at most. `token` and `code` are digests of what the newest message
    -- has.
    CREATE TABLE \(name).email_changes (
      id bytea PRIMARY KEY,
      user_id bigint NOT NULL UNIQUE REFERENCES \(name).users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      former_email varchar(250) COLLATE "C" NOT NULL,
      email varchar(250) COLLATE "C" NOT NULL,
      created_at bigint NOT NULL,
      expires_at bigint NOT NULL,
      token bytea UNIQUE,
      code bytea,
      code_expires_at bigint,
      tries bigint NOT NULL
    );
    CREATE INDEX email_changes_expires_at ON \(name).email_changes (expires_at);

    -- A row for each message to a former email with which its reader takes it back. `step` counts the changes of a user; it is 0
    -- until the change has happened. From then on the row keeps the email from other users.
    CREATE TABLE \(name).email_take_backs (
      id bytea PRIMARY KEY,
      user_id bigint NOT NULL REFERENCES \(name).users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      email varchar(250) COLLATE "C" NOT NULL,
      created_at bigint NOT NULL,
      expires_at bigint NOT NULL,
      token bytea UNIQUE,
      step bigint NOT NULL
    );
    CREATE INDEX email_take_backs_user_id ON \(name).email_take_backs (user_id, step);
    CREATE INDEX email_take_backs_email ON \(name).email_take_backs (lower(email)) WHERE step > 0;
    CREATE INDEX email_take_backs_expires_at ON \(name).email_take_backs (expires_at);

    -- After the row is there: an insertion that waited for its email finds what the change of that user has left. Servers of an
    -- earlier release are refused, too.
    CREATE FUNCTION \(name).users_reserved() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM \(name).email_take_backs
        WHERE lower(email) = lower(NEW.email COLLATE "C") AND step > 0 AND user_id <> NEW.id;
      IF FOUND THEN
        RAISE unique_violation USING MESSAGE = 'another user can take the email back', CONSTRAINT = 'users_email';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER users_reserved AFTER INSERT OR UPDATE OF email ON \(name).users
      FOR EACH ROW EXECUTE FUNCTION \(name).users_reserved();

    """
  }

  private var emailChangeFunctions: String {
    let notice = """
      p_notice_id bytea, p_notice_kind bytea, p_notice_email text, p_notice_payload bytea, p_notice_created_at bigint,
        p_notice_tries bigint
      """
    let values = "p_notice_id, p_notice_kind, p_notice_email, p_notice_payload, p_notice_created_at, p_notice_tries"
    let user = "OUT outcome int, OUT o_id bigint, OUT o_email text, OUT o_hash text, OUT o_session text, OUT o_token text"
    let readUser = """
      SELECT u.id, u.email, u.hashed_password, u.session_id, u.reset_token INTO o_id, o_email, o_hash, o_session, o_token
          FROM \(name).users u WHERE u.id = p_user
      """
    return """
      -- Of a user whose row is locked: the open change, the rights that came with its request and those before it, and the open
      -- request for a recovery email.
      CREATE FUNCTION \(name).void_email_change_1(p_user bigint) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM \(name).email_changes WHERE user_id = p_user;
        DELETE FROM \(name).email_take_backs WHERE user_id = p_user AND step = 0;
        DELETE FROM \(name).recovery_email_requests WHERE user_id = p_user;
      END $$;

      -- 0: the session or the email is not the user's any more; 1: the message is one too many; 2: saved.
      CREATE FUNCTION \(name).add_email_change_1(
        p_id bytea, p_user bigint, p_former text, p_email text, p_created_at bigint, p_expires_at bigint, p_session bytea,
        p_take_back bytea, p_take_back_email text, p_take_back_created_at bigint, p_take_back_expires_at bigint,
        p_message_id bytea, p_kind bytea, p_message_user bigint, p_message_email text, p_payload bytea,
        p_message_created_at bigint, p_tries bigint, p_limit bigint, \(notice)
      ) RETURNS int LANGUAGE plpgsql \(entryPointClauses) AS $$
      BEGIN
        PERFORM \(name).begin_1();
        PERFORM 1 FROM \(name).users WHERE id = p_user AND email = p_former FOR NO KEY UPDATE;
        IF NOT FOUND THEN RETURN 0; END IF;
        -- An earlier call may have succeeded although its response was lost.
        PERFORM 1 FROM \(name).email_changes WHERE id = p_id;
        IF FOUND THEN RETURN 2; END IF;
        PERFORM 1 FROM \(name).sessions WHERE id = p_session AND user_id = p_user;
        IF NOT FOUND THEN RETURN 0; END IF;
        IF NOT \(name).queue_message_1(
          p_message_id, p_kind, p_message_user, p_message_email, p_payload, p_message_created_at, p_tries, p_limit)
        THEN RETURN 1; END IF;
        DELETE FROM \(name).email_changes WHERE user_id = p_user;
        INSERT INTO \(name).email_changes VALUES (
          p_id, p_user, p_former, p_email, p_created_at, p_expires_at, NULL, NULL, NULL, 0);
        PERFORM 1 FROM \(name).unverified_users WHERE user_id = p_user;
        IF FOUND THEN RETURN 2; END IF;
        INSERT INTO \(name).email_take_backs VALUES (
          p_take_back, p_user, p_take_back_email, p_take_back_created_at, p_take_back_expires_at, NULL, 0);
        PERFORM \(name).insert_notice_1(p_user, \(values));
        RETURN 2;
      END $$;

      CREATE FUNCTION \(name).challenge_email_change_1(
        p_id bytea, p_now bigint, p_token bytea, p_code bytea, p_code_expires_at bigint
      ) RETURNS SETOF \(name).email_changes LANGUAGE plpgsql \(entryPointClauses) AS $$
      BEGIN
        PERFORM \(name).begin_1();
        RETURN QUERY UPDATE \(name).email_changes SET token = p_token, code = p_code, code_expires_at = p_code_expires_at
          WHERE id = p_id AND expires_at > p_now RETURNING *;
      END $$;

      -- By the token or, where that is NULL, by user and code.
      CREATE FUNCTION \(name).try_email_change_1(p_token bytea, p_user bigint, p_code bytea, p_now bigint, p_limit bigint)
      RETURNS SETOF \(name).email_changes LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE tried \(name).email_changes;
      BEGIN
        PERFORM \(name).begin_1();
        IF p_token IS NOT NULL THEN
          UPDATE \(name).email_changes SET tries = tries + 1
            WHERE token = p_token AND expires_at > p_now AND tries < p_limit RETURNING * INTO tried;
        ELSE
          UPDATE \(name).email_changes SET tries = tries + 1
            WHERE user_id = p_user AND expires_at > p_now AND code_expires_at > p_now AND tries < p_limit RETURNING * INTO tried;
        END IF;
        IF FOUND AND (p_token IS NOT NULL OR tried.code = p_code) THEN RETURN NEXT tried; END IF;
      END $$;

      -- 0: there is no such change; 1: another user has the email; 2: changed, with the user. `former` is an unverified user who had
      -- the email, and is gone.
      CREATE FUNCTION \(name).confirm_email_change_1(
        p_id bytea, p_user bigint, p_email text, p_now bigint, p_take_back bytea, p_take_back_email text,
        p_take_back_created_at bigint, p_take_back_expires_at bigint, p_from_kinds bytea[], p_from_keys bytea[],
        p_to_kinds bytea[], p_to_keys bytea[], \(notice), p_is_retry boolean, \(user), OUT former bigint
      ) LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE
        new_email text;
        new_step bigint;
      BEGIN
        PERFORM \(name).begin_1(), \(name).lock_counters_1(p_from_kinds || p_to_kinds, p_from_keys || p_to_keys);
        -- As for registrations, which this deletes.
        PERFORM pg_advisory_xact_lock(hashtextextended(lower(p_email COLLATE "C"), 3));
        -- No other becomes one while this holds the lock.
        SELECT u.id INTO former FROM \(name).users u JOIN \(name).unverified_users w ON w.user_id = u.id
          WHERE lower(u.email) = lower(p_email COLLATE "C") AND u.id <> p_user;
        PERFORM 1 FROM \(name).users u WHERE u.id IN (p_user, former) ORDER BY u.id FOR NO KEY UPDATE;
        SELECT c.email INTO new_email FROM \(name).email_changes c
          JOIN \(name).users u ON u.id = c.user_id AND u.email = c.former_email
          WHERE c.id = p_id AND c.user_id = p_user AND c.expires_at > p_now
            AND NOT EXISTS (SELECT 1 FROM \(name).disabled_users d WHERE d.user_id = p_user)
            AND NOT EXISTS (SELECT 1 FROM \(name).unverified_users w WHERE w.user_id = p_user AND w.expires_at <= p_now);
        IF NOT FOUND THEN
          former := NULL;
          outcome := 0;
          IF p_is_retry THEN
            -- What the earlier call has left; the second, if the user was unverified.
            PERFORM 1 FROM \(name).email_take_backs WHERE id = p_take_back
              UNION ALL SELECT 1 FROM \(name).verified_emails v JOIN \(name).users u ON u.id = v.user_id AND u.email = v.email
                WHERE v.user_id = p_user AND v.email = p_email AND v.verified_at = p_now;
            IF FOUND THEN
              outcome := 2;
              \(readUser);
            END IF;
          END IF;
          RETURN;
        END IF;
        -- Again, because it may have got another email before its row was locked.
        DELETE FROM \(name).users u USING \(name).unverified_users w
          WHERE u.id = former AND w.user_id = u.id AND lower(u.email) = lower(new_email COLLATE "C") RETURNING u.id INTO former;
        outcome := 1;
        PERFORM 1 FROM \(name).users u WHERE lower(u.email) = lower(new_email COLLATE "C") AND u.id <> p_user;
        IF FOUND THEN RETURN; END IF;
        UPDATE \(name).users SET email = new_email WHERE id = p_user;
        PERFORM \(name).revoke_reset_token_1(p_user);
        INSERT INTO \(name).verified_emails VALUES (p_user, new_email, p_now)
          ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, verified_at = excluded.verified_at;
        DELETE FROM \(name).email_changes WHERE user_id = p_user;
        DELETE FROM \(name).registrations r WHERE lower(r.email) = lower(new_email COLLATE "C");
        DELETE FROM \(name).unverified_users w WHERE w.user_id = p_user;
        -- Otherwise, no one has shown that they read the former email.
        IF NOT FOUND THEN
          SELECT coalesce(max(t.step), 0) + 1 INTO new_step FROM \(name).email_take_backs t WHERE t.user_id = p_user;
          UPDATE \(name).email_take_backs t SET step = new_step, expires_at = p_take_back_expires_at
            WHERE t.user_id = p_user AND t.step = 0 AND t.expires_at > p_now;
          INSERT INTO \(name).email_take_backs VALUES (
            p_take_back, p_user, p_take_back_email, p_take_back_created_at, p_take_back_expires_at, NULL, new_step);
          PERFORM \(name).insert_notice_1(p_user, \(values));
        END IF;
        DELETE FROM \(name).attempt_counters c USING unnest(p_to_kinds, p_to_keys) k(kind, key)
          WHERE c.kind = k.kind AND c.key = k.key;
        UPDATE \(name).attempt_counters c SET kind = k.to_kind, key = k.to_key
          FROM unnest(p_from_kinds, p_from_keys, p_to_kinds, p_to_keys) k(kind, key, to_kind, to_key)
          WHERE c.kind = k.kind AND c.key = k.key;
        outcome := 2;
        \(readUser);
      END $$;

      CREATE FUNCTION \(name).issue_take_back_token_1(p_id bytea, p_now bigint, p_token bytea)
      RETURNS SETOF \(name).email_take_backs LANGUAGE plpgsql \(entryPointClauses) AS $$
      BEGIN
        PERFORM \(name).begin_1();
        RETURN QUERY UPDATE \(name).email_take_backs SET token = p_token WHERE id = p_id AND expires_at > p_now RETURNING *;
      END $$;

      -- 0: there is no such right; 1: the user has another email than `p_present`; 2: taken back, with the user; 3: another user has
      -- the email.
      CREATE FUNCTION \(name).take_back_email_1(
        p_token bytea, p_user bigint, p_present text, p_now bigint, p_hash text, p_kinds bytea[], p_keys bytea[],
        p_recovery_email_age bigint, p_ids bytea[], p_message_kinds bytea[], p_users bigint[], p_emails text[], p_payloads bytea[],
        p_created_at bigint[], p_tries bigint[], p_is_retry boolean, \(user)
      ) LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE
        held \(name).email_take_backs;
        present text;
        present_hash text;
      BEGIN
        PERFORM \(name).begin_1(), \(name).lock_counters_1(p_kinds, p_keys);
        SELECT u.email, u.hashed_password INTO present, present_hash FROM \(name).users u WHERE u.id = p_user FOR NO KEY UPDATE;
        SELECT * INTO held FROM \(name).email_take_backs t
          WHERE t.token = p_token AND t.user_id = p_user AND t.expires_at > p_now;
        IF NOT FOUND THEN
          outcome := 0;
          -- No two hashes are the same: the earlier call has set it.
          IF p_is_retry AND present_hash = p_hash THEN
            outcome := 2;
            \(readUser);
          END IF;
          RETURN;
        END IF;
        outcome := 1;
        IF present <> p_present THEN RETURN; END IF;
        outcome := 3;
        PERFORM 1 FROM \(name).users u WHERE lower(u.email) = lower(held.email COLLATE "C") AND u.id <> p_user;
        IF FOUND THEN RETURN; END IF;
        DELETE FROM \(name).sessions s WHERE s.user_id = p_user;
        UPDATE \(name).users SET email = held.email, hashed_password = p_hash, session_id = NULL WHERE id = p_user;
        DELETE FROM \(name).recovery_emails r WHERE r.user_id = p_user AND r.verified_at >= (
          SELECT min(t.created_at) FROM \(name).email_take_backs t WHERE t.user_id = p_user AND t.step = held.step
        ) - p_recovery_email_age;
        PERFORM \(name).revoke_reset_token_1(p_user), \(name).void_email_change_1(p_user);
        INSERT INTO \(name).verified_emails VALUES (p_user, held.email, p_now)
          ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, verified_at = excluded.verified_at;
        IF held.step > 0 THEN
          DELETE FROM \(name).email_take_backs t WHERE t.user_id = p_user AND t.step >= held.step;
        END IF;
        DELETE FROM \(name).attempt_counters c USING unnest(p_kinds, p_keys) k(kind, key) WHERE c.kind = k.kind AND c.key = k.key;
        INSERT INTO \(name).outbox SELECT n.id, n.kind, n.user_id, n.email, n.payload, n.created_at, n.created_at, n.tries
          FROM unnest(p_ids, p_message_kinds, p_users, p_emails, p_payloads, p_created_at, p_tries)
            n(id, kind, user_id, email, payload, created_at, tries);
        outcome := 2;
        \(readUser);
      END $$;

      """
  }

  private var voidingFunctions: String {
    """
    CREATE FUNCTION \(name).update_user_2(
      p_id bigint, p_email text, p_hash text, p_ends_sessions boolean, p_revokes_token boolean
    ) RETURNS int LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE outcome int := \(name).update_user_1(p_id, p_email, p_hash, p_ends_sessions, p_revokes_token);
    BEGIN
      IF outcome = 1 AND (p_email IS NOT NULL OR p_hash IS NOT NULL) THEN PERFORM \(name).void_email_change_1(p_id); END IF;
      IF outcome = 1 AND p_email IS NOT NULL THEN DELETE FROM \(name).email_take_backs WHERE user_id = p_id; END IF;
      RETURN outcome;
    END $$;

    CREATE FUNCTION \(name).change_password_2(
      p_user bigint, p_expected text, p_hash text, p_old bytea, p_ends_others boolean,
      p_id bytea, p_created_at bigint, p_last_used_at bigint, p_expires_at bigint, p_authenticated_at bigint, p_methods text,
      p_ip_address text, p_user_agent bytea, p_notice_id bytea, p_notice_kind bytea, p_notice_email text,
      p_notice_payload bytea, p_notice_created_at bigint, p_notice_tries bigint, p_is_retry boolean
    ) RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      IF NOT \(name).change_password_1(
        p_user, p_expected, p_hash, p_old, p_ends_others, p_id, p_created_at, p_last_used_at, p_expires_at, p_authenticated_at,
        p_methods, p_ip_address, p_user_agent, p_notice_id, p_notice_kind, p_notice_email, p_notice_payload,
        p_notice_created_at, p_notice_tries, p_is_retry)
      THEN RETURN false; END IF;
      PERFORM \(name).void_email_change_1(p_user);
      RETURN true;
    END $$;

    CREATE FUNCTION \(name).consume_reset_token_2(
      p_id bytea, p_user bigint, p_now bigint, p_hash text, p_ends_sessions boolean, p_kinds bytea[], p_keys bytea[],
      p_notice_id bytea, p_notice_kind bytea, p_notice_email text, p_notice_payload bytea, p_notice_created_at bigint,
      p_notice_tries bigint, p_is_retry boolean
    ) RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      IF NOT \(name).consume_reset_token_1(
        p_id, p_user, p_now, p_hash, p_ends_sessions, p_kinds, p_keys, p_notice_id, p_notice_kind, p_notice_email,
        p_notice_payload, p_notice_created_at, p_notice_tries, p_is_retry)
      THEN RETURN false; END IF;
      PERFORM \(name).void_email_change_1(p_user);
      RETURN true;
    END $$;

    -- As before; an email that another user can take back counts as one that exists with another hash.
    CREATE FUNCTION \(name).import_users_2(p_emails text[], p_hashes text[], p_disabled_at bigint[])
    RETURNS int[] LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE
      free int[];
      outcomes int[];
      result int[] := array_fill(2, ARRAY[cardinality(p_emails)]);
    BEGIN
      PERFORM \(name).begin_1();
      SELECT coalesce(array_agg(i), '{}') INTO free FROM generate_subscripts(p_emails, 1) i WHERE NOT EXISTS (
        SELECT 1 FROM \(name).email_take_backs t JOIN \(name).users u ON u.id = t.user_id
        WHERE lower(t.email) = lower(p_emails[i] COLLATE "C") AND t.step > 0 AND lower(u.email) <> lower(p_emails[i] COLLATE "C"));
      IF cardinality(free) = 0 THEN RETURN result; END IF;
      outcomes := \(name).import_users_1(
        ARRAY(SELECT p_emails[f.i] FROM unnest(free) WITH ORDINALITY f(i, n) ORDER BY f.n),
        ARRAY(SELECT p_hashes[f.i] FROM unnest(free) WITH ORDINALITY f(i, n) ORDER BY f.n),
        ARRAY(SELECT p_disabled_at[f.i] FROM unnest(free) WITH ORDINALITY f(i, n) ORDER BY f.n));
      FOR n IN 1 .. cardinality(free) LOOP result[free[n]] := outcomes[n]; END LOOP;
      RETURN result;
    END $$;
    """
  }
}
#endif
