#if Postgres
extension PostgresSchema {
  /// `p_is_retry` says that an earlier call may have succeeded although its response was lost.
  var accountFunctions: String {
    """
    -- NULL: another user has the email.
    CREATE FUNCTION \(name).insert_user_1(p_email text, p_hash text) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE new_id bigint;
    BEGIN
      -- Looked for first, because an insertion that is refused uses up an id.
      PERFORM 1 FROM \(name).users WHERE lower(email) = lower(p_email COLLATE "C");
      IF FOUND THEN RETURN NULL; END IF;
      INSERT INTO \(name).users (email, hashed_password) VALUES (p_email, p_hash)
        ON CONFLICT DO NOTHING RETURNING id INTO new_id;
      RETURN new_id;
    END $$;

    CREATE FUNCTION \(name).add_user_1(p_email text, p_hash text, p_is_retry boolean)
    RETURNS bigint LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE new_id bigint;
    BEGIN
      PERFORM \(name).begin_1();
      new_id := \(name).insert_user_1(p_email, p_hash);
      -- No two hashes are the same: it is the user that the earlier call added.
      IF new_id IS NULL AND p_is_retry THEN
        SELECT id INTO new_id FROM \(name).users WHERE lower(email) = lower(p_email COLLATE "C") AND hashed_password = p_hash;
      END IF;
      RETURN new_id;
    END $$;

    -- 0: no such user; 1: changed; 2: another user has the email. NULL stands for no change.
    CREATE FUNCTION \(name).update_user_1(
      p_id bigint, p_email text, p_hash text, p_ends_sessions boolean, p_revokes_token boolean
    ) RETURNS int LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      PERFORM 1 FROM \(name).users WHERE id = p_id FOR NO KEY UPDATE;
      IF NOT FOUND THEN RETURN 0; END IF;
      IF p_email IS NOT NULL THEN
        PERFORM 1 FROM \(name).users WHERE lower(email) = lower(p_email COLLATE "C") AND id <> p_id;
        IF FOUND THEN RETURN 2; END IF;
        UPDATE \(name).users SET email = p_email WHERE id = p_id;
      END IF;
      IF p_hash IS NOT NULL THEN UPDATE \(name).users SET hashed_password = p_hash WHERE id = p_id; END IF;
      IF p_ends_sessions THEN
        DELETE FROM \(name).sessions WHERE user_id = p_id;
        UPDATE \(name).users SET session_id = NULL WHERE id = p_id AND session_id IS NOT NULL;
      END IF;
      IF p_revokes_token THEN PERFORM \(name).revoke_reset_token_1(p_id); END IF;
      RETURN 1;
    END $$;

    CREATE FUNCTION \(name).replace_hashed_password_1(p_id bigint, p_expected text, p_hash text, p_is_retry boolean)
    RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      UPDATE \(name).users SET hashed_password = p_hash WHERE id = p_id AND hashed_password = p_expected;
      IF NOT FOUND AND p_is_retry THEN PERFORM 1 FROM \(name).users WHERE id = p_id AND hashed_password = p_hash; END IF;
      RETURN FOUND;
    END $$;

    CREATE FUNCTION \(name).change_password_1(
      p_user bigint, p_expected text, p_hash text, p_old bytea, p_ends_others boolean,
      p_id bytea, p_created_at bigint, p_last_used_at bigint, p_expires_at bigint, p_authenticated_at bigint, p_methods text,
      p_ip_address text, p_user_agent bytea, p_notice_id bytea, p_notice_kind bytea, p_notice_email text,
      p_notice_payload bytea, p_notice_created_at bigint, p_notice_tries bigint, p_is_retry boolean
    ) RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE
      hash text;
      address text;
    BEGIN
      PERFORM \(name).begin_1();
      SELECT hashed_password, email INTO hash, address FROM \(name).users WHERE id = p_user FOR NO KEY UPDATE;
      -- No two hashes are the same: the earlier call has changed it.
      IF p_is_retry AND hash = p_hash THEN RETURN true; END IF;
      PERFORM 1 FROM \(name).sessions WHERE id = p_old AND user_id = p_user;
      IF NOT FOUND OR hash IS DISTINCT FROM p_expected THEN RETURN false; END IF;
      UPDATE \(name).users SET hashed_password = p_hash WHERE id = p_user;
      PERFORM \(name).revoke_reset_token_1(p_user);
      DELETE FROM \(name).sessions WHERE user_id = p_user AND (p_ends_others OR id = p_old);
      PERFORM \(name).insert_session_1(
        p_id, p_user, p_created_at, p_last_used_at, p_expires_at, p_authenticated_at, p_methods, p_ip_address, p_user_agent,
        address);
      IF p_notice_id IS NOT NULL THEN
        INSERT INTO \(name).outbox VALUES (
          p_notice_id, p_notice_kind, p_user, p_notice_email, p_notice_payload, p_notice_created_at, p_notice_created_at,
          p_notice_tries);
      END IF;
      RETURN true;
    END $$;

    CREATE FUNCTION \(name).delete_user_1(p_id bigint, p_expected text) RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      DELETE FROM \(name).users WHERE id = p_id AND hashed_password = p_expected;
      RETURN FOUND;
    END $$;
    """
  }
}
#endif
