#if Postgres
extension PostgresSchema {
  var sessionFunctions: String {
    """
    -- Saves a session of a user whose row is locked.
    CREATE FUNCTION \(name).insert_session_1(
      p_id bytea, p_user bigint, p_created_at bigint, p_last_used_at bigint, p_expires_at bigint, p_authenticated_at bigint,
      p_methods text, p_ip_address text, p_user_agent bytea, p_email text
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO \(name).sessions (
        id, user_id, created_at, last_used_at, expires_at, authenticated_at, methods, ip_address, user_agent, user_email)
      VALUES (
        p_id, p_user, p_created_at, p_last_used_at, p_expires_at, p_authenticated_at, p_methods, p_ip_address, p_user_agent,
        p_email);
      UPDATE \(name).users SET session_id = encode(p_id, 'hex') WHERE id = p_user;
    END $$;

    -- 0: no such user; 1: another password; 2: disabled; 3: refused by a throttle, and `retry_after` says for how long; 4: saved.
    CREATE FUNCTION \(name).add_session_1(
      p_id bytea, p_user bigint, p_created_at bigint, p_last_used_at bigint, p_expires_at bigint, p_authenticated_at bigint,
      p_methods text, p_ip_address text, p_user_agent bytea, p_limit bigint, p_expiring_after bigint, p_used_after bigint,
      p_password text, p_former bytea, p_kinds bytea[], p_keys bytea[], p_rules bigint[], p_is_known_device boolean,
      p_memory bigint, p_is_success boolean, p_at bigint, OUT outcome int, OUT retry_after bigint
    ) LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE
      former_user bigint;
      hash text;
      address text;
    BEGIN
      PERFORM \(name).begin_1();
      IF p_keys IS NOT NULL THEN PERFORM \(name).lock_counters_1(p_kinds, p_keys); END IF;
      IF p_former IS NOT NULL THEN
        SELECT user_id INTO former_user FROM \(name).sessions WHERE id = p_former;
        -- Two rows, always in the order of their ids.
        IF former_user <> p_user THEN
          PERFORM 1 FROM \(name).users WHERE id IN (former_user, p_user) ORDER BY id FOR NO KEY UPDATE;
        END IF;
      END IF;
      SELECT hashed_password, email INTO hash, address FROM \(name).users WHERE id = p_user FOR NO KEY UPDATE;
      IF NOT FOUND THEN outcome := 0; RETURN; END IF;
      -- It was saved before, by a call whose answer was lost.
      PERFORM 1 FROM \(name).sessions WHERE id = p_id AND user_id = p_user;
      IF FOUND THEN outcome := 4; RETURN; END IF;
      PERFORM 1 FROM \(name).disabled_users WHERE user_id = p_user;
      IF FOUND THEN outcome := 2; RETURN; END IF;
      IF p_password <> hash THEN outcome := 1; RETURN; END IF;
      IF p_keys IS NOT NULL THEN
        SELECT s.outcome, s.retry_after INTO outcome, retry_after
          FROM \(name).settle_1(p_kinds, p_keys, p_rules, p_is_known_device, p_memory, p_is_success, p_at) s;
        IF outcome = 2 THEN outcome := 3; RETURN; END IF;
      END IF;

      IF former_user IS NOT NULL THEN
        DELETE FROM \(name).sessions WHERE id = p_former;
        IF former_user <> p_user THEN
          UPDATE \(name).users SET session_id = NULL WHERE id = former_user AND session_id = encode(p_former, 'hex');
        END IF;
      END IF;
      DELETE FROM \(name).sessions
        WHERE user_id = p_user AND NOT (expires_at > p_expiring_after AND last_used_at > p_used_after);
      -- By number, the order in which they were added: several may begin in one second.
      DELETE FROM \(name).sessions WHERE user_id = p_user AND number <= (
        SELECT number FROM \(name).sessions WHERE user_id = p_user ORDER BY number DESC LIMIT 1 OFFSET p_limit - 1);
      PERFORM \(name).insert_session_1(
        p_id, p_user, p_created_at, p_last_used_at, p_expires_at, p_authenticated_at, p_methods, p_ip_address, p_user_agent,
        address);
      outcome := 4;
    END $$;

    CREATE FUNCTION \(name).touch_session_1(p_id bytea, p_at bigint) RETURNS void LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      UPDATE \(name).sessions SET last_used_at = p_at WHERE id = p_id AND last_used_at < p_at;
    END $$;

    -- What remains to be done after sessions of a user were deleted.
    CREATE FUNCTION \(name).forget_session_1(p_user bigint) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE \(name).users SET session_id = NULL WHERE id = p_user AND session_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM \(name).sessions WHERE id = decode(session_id, 'hex'));
    END $$;

    -- The user and the bounds of the session that was deleted; no row if there was none.
    CREATE FUNCTION \(name).end_session_1(p_id bytea)
    RETURNS TABLE (user_id bigint, expires_at bigint, last_used_at bigint) LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE owner bigint;
    BEGIN
      PERFORM \(name).begin_1();
      SELECT s.user_id INTO owner FROM \(name).sessions s WHERE s.id = p_id;
      IF NOT FOUND THEN RETURN; END IF;
      PERFORM 1 FROM \(name).users u WHERE u.id = owner FOR NO KEY UPDATE;
      RETURN QUERY DELETE FROM \(name).sessions s WHERE s.id = p_id RETURNING s.user_id, s.expires_at, s.last_used_at;
      PERFORM \(name).forget_session_1(owner);
    END $$;

    -- All sessions of the user, or `p_only`, or all but `p_except`.
    CREATE FUNCTION \(name).end_sessions_1(p_user bigint, p_only bytea, p_except bytea)
    RETURNS TABLE (id bytea, expires_at bigint, last_used_at bigint) LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      PERFORM 1 FROM \(name).users u WHERE u.id = p_user FOR NO KEY UPDATE;
      RETURN QUERY DELETE FROM \(name).sessions s
        WHERE s.user_id = p_user AND (p_only IS NULL OR s.id = p_only) AND (p_except IS NULL OR s.id <> p_except)
        RETURNING s.id, s.expires_at, s.last_used_at;
      PERFORM \(name).forget_session_1(p_user);
    END $$;
    """
  }

  /// What version 2 adds: new sessions that wait are one statement. It does for each what `add_session_1` does.
  var sharedInsertionScript: String {
    """
    -- For each, in their order, 0: no such user; 1: another password; 2: disabled; 4: saved.
    CREATE FUNCTION \(name).add_sessions_1(
      p_ids bytea[], p_users bigint[], p_created_at bigint[], p_last_used_at bigint[], p_expires_at bigint[],
      p_authenticated_at bigint[], p_methods text[], p_ip_addresses text[], p_user_agents bytea[], p_limits bigint[],
      p_expiring_after bigint[], p_used_after bigint[], p_passwords text[]
    ) RETURNS TABLE (outcome int) LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE
      outcomes int[];
      emails text[];
    BEGIN
      PERFORM \(name).begin_1();
      PERFORM 1 FROM \(name).users WHERE id = ANY (p_users) ORDER BY id FOR NO KEY UPDATE;
      -- NULL: to be saved. Some may have been before, by a call whose answer was lost.
      SELECT array_agg(u.email ORDER BY n.i), array_agg(
          CASE WHEN u.id IS NULL THEN 0 WHEN s.id IS NOT NULL THEN 4 WHEN d.user_id IS NOT NULL THEN 2
            WHEN n.password <> u.hashed_password THEN 1 END
          ORDER BY n.i)
        INTO emails, outcomes
        FROM unnest(p_ids, p_users, p_passwords) WITH ORDINALITY n(id, user_id, password, i)
        LEFT JOIN \(name).users u ON u.id = n.user_id
        LEFT JOIN \(name).sessions s ON s.id = n.id AND s.user_id = n.user_id
        LEFT JOIN \(name).disabled_users d ON d.user_id = n.user_id;
      INSERT INTO \(name).sessions (
          id, user_id, created_at, last_used_at, expires_at, authenticated_at, methods, ip_address, user_agent, user_email)
        SELECT n.id, n.user_id, n.created_at, n.last_used_at, n.expires_at, n.authenticated_at, n.methods, n.ip_address,
          n.user_agent, n.email
        FROM unnest(
          p_ids, p_users, p_created_at, p_last_used_at, p_expires_at, p_authenticated_at, p_methods, p_ip_addresses,
          p_user_agents, emails, outcomes
        ) WITH ORDINALITY n(
          id, user_id, created_at, last_used_at, expires_at, authenticated_at, methods, ip_address, user_agent, email, outcome,
          i)
        WHERE n.outcome IS NULL ORDER BY n.i;
      -- Materialized, or the subquery would run for each session.
      WITH users AS MATERIALIZED (
        SELECT n.user_id, n.expiring_after, n.used_after, (
            SELECT k.number FROM \(name).sessions k
            WHERE k.user_id = n.user_id AND k.expires_at > n.expiring_after AND k.last_used_at > n.used_after
            ORDER BY k.number DESC LIMIT 1 OFFSET n.room) last_evicted
          FROM unnest(p_users, p_limits, p_expiring_after, p_used_after, outcomes)
            n(user_id, room, expiring_after, used_after, outcome)
          WHERE n.outcome IS NULL)
      DELETE FROM \(name).sessions s USING users u
        WHERE s.user_id = u.user_id AND (
          s.number <= u.last_evicted OR NOT (s.expires_at > u.expiring_after AND s.last_used_at > u.used_after));
      UPDATE \(name).users u SET session_id = encode(newest.id, 'hex')
        FROM (
          SELECT DISTINCT ON (n.user_id) n.user_id, n.id
          FROM unnest(p_ids, p_users, outcomes) WITH ORDINALITY n(id, user_id, outcome, i)
          WHERE n.outcome IS NULL ORDER BY n.user_id, n.i DESC) newest
        WHERE u.id = newest.user_id;
      RETURN QUERY SELECT coalesce(o, 4) FROM unnest(outcomes) o;
    END $$;
    """
  }
}
#endif
