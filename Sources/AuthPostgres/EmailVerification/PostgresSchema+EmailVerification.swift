#if Postgres
extension PostgresSchema {
  var verificationScript: String {
    """
    -- Accounts to be, which exist once their email is verified; several may wait for one email. `token` and `code` are digests of
    -- what the newest message has.
    CREATE TABLE \(name).registrations (
      id bytea PRIMARY KEY,
      email varchar(250) COLLATE "C" NOT NULL,
      hashed_password varchar(250) COLLATE "C" NOT NULL,
      created_at bigint NOT NULL,
      expires_at bigint NOT NULL,
      token bytea UNIQUE,
      code bytea,
      code_expires_at bigint,
      tries bigint NOT NULL
    );
    CREATE INDEX registrations_email ON \(name).registrations (lower(email));
    CREATE INDEX registrations_expires_at ON \(name).registrations (expires_at);

    -- `email` is what was verified: if the user has another now, that one is not.
    CREATE TABLE \(name).verified_emails (
      user_id bigint PRIMARY KEY REFERENCES \(name).users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      email varchar(250) COLLATE "C" NOT NULL,
      verified_at bigint NOT NULL
    );

    CREATE FUNCTION \(name).add_registration_1(
      p_id bytea, p_email text, p_hash text, p_created_at bigint, p_expires_at bigint, p_message_id bytea, p_kind bytea,
      p_user bigint, p_message_email text, p_payload bytea, p_message_created_at bigint, p_tries bigint, p_limit bigint
    ) RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      -- An earlier call may have succeeded although its response was lost.
      PERFORM 1 FROM \(name).registrations WHERE id = p_id;
      IF FOUND THEN RETURN true; END IF;
      IF NOT \(name).queue_message_1(
        p_message_id, p_kind, p_user, p_message_email, p_payload, p_message_created_at, p_tries, p_limit)
      THEN RETURN false; END IF;
      INSERT INTO \(name).registrations VALUES (p_id, p_email, p_hash, p_created_at, p_expires_at, NULL, NULL, NULL, 0);
      RETURN true;
    END $$;

    CREATE FUNCTION \(name).challenge_registration_1(
      p_id bytea, p_now bigint, p_token bytea, p_code bytea, p_code_expires_at bigint
    ) RETURNS SETOF \(name).registrations LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      RETURN QUERY UPDATE \(name).registrations SET token = p_token, code = p_code, code_expires_at = p_code_expires_at
        WHERE id = p_id AND expires_at > p_now RETURNING *;
    END $$;

    -- By the token or, where that is NULL, by id and code.
    CREATE FUNCTION \(name).try_registration_1(p_token bytea, p_id bytea, p_code bytea, p_now bigint, p_limit bigint)
    RETURNS SETOF \(name).registrations LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE tried \(name).registrations;
    BEGIN
      PERFORM \(name).begin_1();
      IF p_token IS NOT NULL THEN
        UPDATE \(name).registrations SET tries = tries + 1
          WHERE token = p_token AND expires_at > p_now AND tries < p_limit RETURNING * INTO tried;
      ELSE
        UPDATE \(name).registrations SET tries = tries + 1
          WHERE id = p_id AND expires_at > p_now AND code_expires_at > p_now AND tries < p_limit RETURNING * INTO tried;
      END IF;
      IF FOUND AND (p_token IS NOT NULL OR tried.code = p_code) THEN RETURN NEXT tried; END IF;
    END $$;

    -- 0: there is no such registration; 1: another user has the email; 2: the hash is not `p_expected`; 3: a user was added; 4: the
    -- user whom the registration had added, `p_added`, is verified; 5: a user was added in place of `former`.
    CREATE FUNCTION \(name).complete_registration_1(
      p_id bytea, p_email text, p_hash text, p_expected text, p_now bigint, p_added bigint, p_is_retry boolean,
      OUT outcome int, OUT o_id bigint, OUT o_email text, OUT o_hash text, OUT o_session text, OUT o_token text, OUT former bigint
    ) LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE is_own boolean;
    BEGIN
      PERFORM \(name).begin_1();
      -- Two of one email would each delete the other's.
      PERFORM pg_advisory_xact_lock(hashtextextended(lower(p_email COLLATE "C"), 3));
      SELECT u.id, u.email, u.hashed_password, u.session_id, u.reset_token, w.registration = p_id
        INTO o_id, o_email, o_hash, o_session, o_token, is_own
        FROM \(name).users u JOIN \(name).unverified_users w ON w.user_id = u.id
        WHERE lower(u.email) = lower(p_email COLLATE "C") FOR UPDATE OF u, w;
      PERFORM 1 FROM \(name).registrations WHERE id = p_id AND expires_at > p_now FOR UPDATE;
      IF NOT FOUND THEN
        outcome := 0;
        IF p_is_retry AND p_added IS NOT NULL THEN
          SELECT u.id, u.email, u.hashed_password, u.session_id, u.reset_token INTO o_id, o_email, o_hash, o_session, o_token
            FROM \(name).users u JOIN \(name).verified_emails v ON v.user_id = u.id AND v.email = u.email WHERE u.id = p_added
            AND NOT EXISTS (SELECT 1 FROM \(name).unverified_users w WHERE w.user_id = p_added);
          IF FOUND THEN outcome := 4; END IF;
        ELSIF p_is_retry THEN
          -- No two hashes are the same: it is the user that the earlier call added.
          SELECT u.id, u.email, u.hashed_password INTO o_id, o_email, o_hash
            FROM \(name).users u WHERE lower(u.email) = lower(p_email COLLATE "C") AND u.hashed_password = p_hash;
          IF FOUND THEN outcome := 3; END IF;
        END IF;
        RETURN;
      END IF;
      outcome := 2;
      IF is_own THEN
        IF p_expected <> o_hash THEN RETURN; END IF;
        DELETE FROM \(name).unverified_users w WHERE w.user_id = o_id;
        outcome := 4;
      ELSE
        IF p_expected <> p_hash THEN RETURN; END IF;
        former := o_id;
        DELETE FROM \(name).users u WHERE u.id = former;
        o_id := \(name).insert_user_1(p_email, p_hash);
        IF o_id IS NULL THEN outcome := 1; RETURN; END IF;
        o_email := p_email;
        o_hash := p_hash;
        o_session := NULL;
        outcome := CASE WHEN former IS NULL THEN 3 ELSE 5 END;
      END IF;
      INSERT INTO \(name).verified_emails VALUES (o_id, o_email, p_now)
        ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, verified_at = excluded.verified_at;
      DELETE FROM \(name).registrations r WHERE lower(r.email) = lower(p_email COLLATE "C");
    END $$;
    """
  }
}
#endif
