#if Postgres
extension PostgresSchema {
  var maintenanceFunctions: String {
    """
    -- The sessions that were deleted, then one row for the other rows that were: `others` is their number. Rows that another server
    -- is deleting, or of users who are changing just now, are left for the next time.
    CREATE FUNCTION \(name).purge_1(
      p_expired_by bigint, p_unused_since bigint, p_counters_before bigint, p_lock_threshold bigint, p_lock_kind bytea,
      p_limit bigint
    ) RETURNS TABLE (
      id bytea, user_id bigint, created_at bigint, last_used_at bigint, expires_at bigint, authenticated_at bigint, methods text,
      ip_address text, user_agent bytea, others bigint
    ) LANGUAGE plpgsql \(entryPointClauses) AS $$
    #variable_conflict use_column
    DECLARE
      owners bigint[];
      room bigint := p_limit;
      deleted bigint;
    BEGIN
      PERFORM \(name).begin_1();
      -- Their users first, as everywhere.
      SELECT array_agg(u.id) INTO owners FROM (
        SELECT u.id FROM \(name).users u WHERE u.id = ANY (ARRAY(
          (SELECT s.user_id FROM \(name).sessions s WHERE s.expires_at <= p_expired_by ORDER BY s.expires_at LIMIT p_limit)
          UNION (
            SELECT s.user_id FROM \(name).sessions s WHERE s.last_used_at <= p_unused_since ORDER BY s.last_used_at LIMIT p_limit)
          UNION (
            SELECT t.user_id FROM \(name).reset_tokens t WHERE t.expires_at <= p_expired_by ORDER BY t.expires_at LIMIT p_limit)))
        ORDER BY u.id FOR NO KEY UPDATE SKIP LOCKED) u;
      RETURN QUERY DELETE FROM \(name).sessions d WHERE d.id IN (
          SELECT s.id FROM \(name).sessions s
          WHERE s.user_id = ANY (owners) AND (s.expires_at <= p_expired_by OR s.last_used_at <= p_unused_since) LIMIT p_limit)
          -- Again, because a session may have been used while this waited for it.
          AND (d.expires_at <= p_expired_by OR d.last_used_at <= p_unused_since)
        RETURNING d.id, d.user_id, d.created_at, d.last_used_at, d.expires_at, d.authenticated_at, d.methods, d.ip_address,
          d.user_agent, NULL::bigint;
      GET DIAGNOSTICS deleted = ROW_COUNT;
      room := room - deleted;
      UPDATE \(name).users u SET session_id = NULL WHERE u.id = ANY (owners) AND u.session_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM \(name).sessions s WHERE s.id = decode(u.session_id, 'hex'));
      DELETE FROM \(name).reset_tokens d WHERE d.id IN (
        SELECT t.id FROM \(name).reset_tokens t WHERE t.user_id = ANY (owners) AND t.expires_at <= p_expired_by LIMIT room);
      GET DIAGNOSTICS deleted = ROW_COUNT;
      room := room - deleted;
      UPDATE \(name).users u SET reset_token = NULL WHERE u.id = ANY (owners) AND u.reset_token IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM \(name).reset_tokens t WHERE t.user_id = u.id);
      others := deleted;
      DELETE FROM \(name).attempt_counters d WHERE d.ctid = ANY (ARRAY(
        SELECT c.ctid FROM \(name).attempt_counters c
        WHERE c.last_at < p_counters_before AND (c.count < p_lock_threshold OR c.kind <> p_lock_kind)
        ORDER BY c.last_at LIMIT room FOR UPDATE SKIP LOCKED));
      GET DIAGNOSTICS deleted = ROW_COUNT;
      others := others + deleted;
      RETURN NEXT;
    END $$;
    """
  }
}
#endif
