#if Postgres
extension PostgresSchema {
  var outboxFunctions: String {
    """
    -- 0: `p_limit` messages of its kind are waiting; 1: saved.
    CREATE FUNCTION \(name).queue_message_1(
      p_id bytea, p_kind bytea, p_user bigint, p_email text, p_payload bytea, p_created_at bigint, p_tries bigint, p_limit bigint
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      -- Two that count at the same time would both find room.
      PERFORM pg_advisory_xact_lock(hashtextextended(encode(p_kind, 'hex'), 2));
      PERFORM 1 FROM \(name).outbox WHERE id = p_id;
      IF FOUND THEN RETURN true; END IF;
      IF (SELECT count(*) FROM \(name).outbox WHERE kind = p_kind) >= p_limit THEN RETURN false; END IF;
      INSERT INTO \(name).outbox VALUES (p_id, p_kind, p_user, p_email, p_payload, p_created_at, p_created_at, p_tries);
      RETURN true;
    END $$;

    CREATE FUNCTION \(name).add_message_1(
      p_id bytea, p_kind bytea, p_user bigint, p_email text, p_payload bytea, p_created_at bigint, p_tries bigint, p_limit bigint
    ) RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      RETURN \(name).queue_message_1(p_id, p_kind, p_user, p_email, p_payload, p_created_at, p_tries, p_limit);
    END $$;

    -- A message that another server is claiming just now is skipped.
    CREATE FUNCTION \(name).claim_message_1(p_now bigint, p_until bigint)
    RETURNS SETOF \(name).outbox LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      RETURN QUERY UPDATE \(name).outbox SET tries = tries + 1, due_at = p_until
        WHERE id = (SELECT id FROM \(name).outbox WHERE due_at <= p_now ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING *;
    END $$;

    CREATE FUNCTION \(name).postpone_message_1(p_id bytea, p_until bigint) RETURNS void LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      UPDATE \(name).outbox SET due_at = p_until WHERE id = p_id;
    END $$;

    CREATE FUNCTION \(name).remove_message_1(p_id bytea) RETURNS void LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1();
      DELETE FROM \(name).outbox WHERE id = p_id;
    END $$;
    """
  }
}
#endif
