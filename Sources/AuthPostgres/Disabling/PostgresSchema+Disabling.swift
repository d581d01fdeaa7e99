#if Postgres
extension PostgresSchema {
  var disablingFunctions: String {
    """
    -- 0: no such user; 1: disabled already; 2: disabled. The sessions are those that were ended.
    CREATE FUNCTION \(name).disable_user_1(
      p_id bigint, p_at bigint, p_expiring_after bigint, p_used_after bigint, OUT outcome int, OUT sessions bytea[]
    ) LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      PERFORM 1 FROM \(name).users WHERE id = p_id FOR NO KEY UPDATE;
      IF NOT FOUND THEN outcome := 0; RETURN; END IF;
      PERFORM 1 FROM \(name).disabled_users WHERE user_id = p_id;
      IF FOUND THEN outcome := 1; RETURN; END IF;
      SELECT coalesce(array_agg(id), '{}') INTO sessions FROM \(name).sessions
        WHERE user_id = p_id AND expires_at > p_expiring_after AND last_used_at > p_used_after;
      -- A trigger ends them.
      INSERT INTO \(name).disabled_users VALUES (p_id, p_at);
      outcome := 2;
    END $$;

    -- 0: no such user; 1: was not disabled; 2: enabled.
    CREATE FUNCTION \(name).enable_user_1(p_id bigint) RETURNS int LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      PERFORM 1 FROM \(name).users WHERE id = p_id FOR NO KEY UPDATE;
      IF NOT FOUND THEN RETURN 0; END IF;
      DELETE FROM \(name).disabled_users WHERE user_id = p_id;
      RETURN CASE WHEN FOUND THEN 2 ELSE 1 END;
    END $$;
    """
  }
}
#endif
