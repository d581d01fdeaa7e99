#if Postgres
extension PostgresSchema {
  var resetTokenFunctions: String {
    """
    -- Of a user whose row is locked.
    CREATE FUNCTION \(name).revoke_reset_token_1(p_user bigint) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM \(name).reset_tokens WHERE user_id = p_user;
      UPDATE \(name).users SET reset_token = NULL WHERE id = p_user AND reset_token IS NOT NULL;
    END $$;

    CREATE FUNCTION \(name).add_reset_token_1(p_id bytea, p_created_at bigint, p_expires_at bigint, p_email text)
    RETURNS SETOF \(name).users LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE owner bigint;
    BEGIN
      PERFORM \(name).begin_1();
      SELECT id INTO owner FROM \(name).users WHERE lower(email) = lower(p_email COLLATE "C") FOR NO KEY UPDATE;
      IF NOT FOUND THEN RETURN; END IF;
      DELETE FROM \(name).reset_tokens WHERE user_id = owner;
      INSERT INTO \(name).reset_tokens VALUES (p_id, owner, p_created_at, p_expires_at);
      RETURN QUERY UPDATE \(name).users SET reset_token = encode(p_id, 'hex') WHERE id = owner RETURNING *;
    END $$;

    CREATE FUNCTION \(name).consume_reset_token_1(
      p_id bytea, p_user bigint, p_now bigint, p_hash text, p_ends_sessions boolean, p_kinds bytea[], p_keys bytea[],
      p_notice_id bytea, p_notice_kind bytea, p_notice_email text, p_notice_payload bytea, p_notice_created_at bigint,
      p_notice_tries bigint, p_is_retry boolean
    ) RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1(), \(name).lock_counters_1(p_kinds, p_keys);
      PERFORM 1 FROM \(name).users WHERE id = p_user FOR NO KEY UPDATE;
      DELETE FROM \(name).reset_tokens WHERE id = p_id AND user_id = p_user AND expires_at > p_now;
      IF NOT FOUND THEN
        IF p_is_retry THEN PERFORM 1 FROM \(name).users WHERE id = p_user AND hashed_password = p_hash; END IF;
        RETURN FOUND;
      END IF;
      UPDATE \(name).users SET hashed_password = p_hash, reset_token = NULL WHERE id = p_user;
      IF p_ends_sessions THEN
        DELETE FROM \(name).sessions WHERE user_id = p_user;
        UPDATE \(name).users SET session_id = NULL WHERE id = p_user AND session_id IS NOT NULL;
      END IF;
      DELETE FROM \(name).attempt_counters c USING unnest(p_kinds, p_keys) k(kind, key) WHERE c.kind = k.kind AND c.key = k.key;
      IF p_notice_id IS NOT NULL THEN
        INSERT INTO \(name).outbox VALUES (
          p_notice_id, p_notice_kind, p_user, p_notice_email, p_notice_payload, p_notice_created_at, p_notice_created_at,
          p_notice_tries);
      END IF;
      RETURN true;
    END $$;
    """
  }
}
#endif
