#if Postgres
extension PostgresSchema {
  var eventFunctions: String {
    """
    -- Saves events, then deletes at most `p_limit` of those that are too old or too many; returns how many it deleted.
    CREATE FUNCTION \(name).add_events_1(
      p_ats bigint[], p_kinds text[], p_users bigint[], p_sessions text[], p_ip_addresses text[], p_user_agents bytea[],
      p_request_ids bytea[], p_email_digests text[], p_before bigint, p_count bigint, p_limit bigint
    ) RETURNS bigint LANGUAGE plpgsql \(entryPointClauses) AS $$
    DECLARE deleted bigint;
    BEGIN
      PERFORM \(name).begin_1();
      INSERT INTO \(name).audit_events (at, kind, user_id, session_id, ip_address, user_agent, request_id, email_digest)
        SELECT e.at, e.kind, e.user_id, e.session_id, e.ip_address, e.user_agent, e.request_id, e.email_digest
        FROM unnest(p_ats, p_kinds, p_users, p_sessions, p_ip_addresses, p_user_agents, p_request_ids, p_email_digests)
          WITH ORDINALITY e(at, kind, user_id, session_id, ip_address, user_agent, request_id, email_digest, i) ORDER BY e.i;
      DELETE FROM \(name).audit_events WHERE id IN (
        SELECT o.id FROM \(name).audit_events o
        WHERE o.id <= (SELECT max(l.id) FROM (SELECT l.id FROM \(name).audit_events l ORDER BY l.id LIMIT p_limit) l)
          AND (o.at < p_before OR o.id <= (SELECT max(m.id) FROM \(name).audit_events m) - p_count)
        ORDER BY o.id LIMIT p_limit FOR UPDATE SKIP LOCKED);
      GET DIAGNOSTICS deleted = ROW_COUNT;
      RETURN deleted;
    END $$;
    """
  }
}
#endif
