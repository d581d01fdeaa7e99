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

    -- The new user; 0: there is no such registration; -1: another user has the email.
    CREATE FUNCTION \(name).complete_registration_1(p_id bytea, p_email text, p_hash text, p_now bigint, p_is_retry boolean)
    RETURNS bigint LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE new_id bigint;
    BEGIN
      PERFORM \(name).begin_1();
      -- Two of one email would each delete the other's.
      PERFORM pg_advisory_xact_lock(hashtextextended(lower(p_email COLLATE "C"), 3));
      PERFORM 1 FROM \(name).registrations WHERE id = p_id AND expires_at > p_now FOR UPDATE;
      IF NOT FOUND THEN
        -- No two hashes are the same: it is the user that the earlier call added.
        IF p_is_retry THEN
          SELECT id INTO new_id FROM \(name).users WHERE lower(email) = lower(p_email COLLATE "C") AND hashed_password = p_hash;
        END IF;
        RETURN coalesce(new_id, 0);
      END IF;
      new_id := \(name).insert_user_1(p_email, p_hash);
      IF new_id IS NULL THEN RETURN -1; END IF;
      INSERT INTO \(name).verified_emails VALUES (new_id, p_email, p_now);
      DELETE FROM \(name).registrations WHERE lower(email) = lower(p_email COLLATE "C");
      RETURN new_id;
    END $$;
    """
  }
}
#endif
