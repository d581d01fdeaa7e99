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

  /// What version 2 adds: messages of a kind to an email go in their order, and operators look after those that wait.
  ///
  /// Where a transaction locks several messages of a kind to an email, and waits for a lock, it locks the older first.
  var outboxScript: String {
    let selection = "p_selected_id bytea, p_selected_kind bytea, p_selected_user bigint, p_selected_email text"
    let isSelected = """
      (p_selected_id IS NULL OR o.id = p_selected_id) AND (p_selected_kind IS NULL OR o.kind = p_selected_kind)
            AND (p_selected_user IS NULL AND p_selected_email IS NULL OR o.user_id = p_selected_user
              OR lower(o.email) = lower(p_selected_email COLLATE "C"))
      """
    return """
      -- Which message of a kind to an email is the first, and how old the oldest of a kind is.
      CREATE INDEX outbox_order ON \(name).outbox (lower(email), kind, created_at, id);
      DROP INDEX \(name).outbox_kind;
      CREATE INDEX outbox_kind ON \(name).outbox (kind, created_at);

      -- 0: none is due; 1: claimed; 2: many were put off, and more may be due.
      --
      -- Claims the message that has been due longest and is the first of its kind to its email. Those that are due and not the first
      -- are put off until the first is due again: left where they are, each claim would look at all of them. let_next_1 brings
      -- them back. A message that another server is claiming or removing just now is skipped.
      CREATE FUNCTION \(name).claim_message_2(
        p_now bigint, p_next bigint, p_until bigint, OUT id bytea, OUT kind bytea, OUT user_id bigint, OUT email text,
        OUT payload bytea, OUT created_at bigint, OUT due_at bigint, OUT tries bigint, OUT outcome int
      ) LANGUAGE plpgsql \(entryPointClauses) AS $$
      #variable_conflict use_column
      DECLARE
        due \(name).outbox;
        first_id bytea;
        first_due bigint;
      BEGIN
        PERFORM \(name).begin_1();
        FOR i IN 1 .. 100 LOOP
          SELECT * INTO due FROM \(name).outbox o WHERE o.due_at <= p_now ORDER BY o.due_at LIMIT 1 FOR UPDATE SKIP LOCKED;
          outcome := 0;
          IF NOT FOUND THEN RETURN; END IF;
          -- A statement of its own sees what was removed before the lock was taken.
          SELECT o.id INTO first_id FROM \(name).outbox o
            WHERE lower(o.email) = lower(due.email COLLATE "C") AND o.kind = due.kind ORDER BY o.created_at, o.id LIMIT 1;
          IF first_id = due.id THEN
            UPDATE \(name).outbox o SET tries = o.tries + 1, due_at = p_until WHERE o.id = due.id RETURNING * INTO due;
            SELECT due.id, due.kind, due.user_id, due.email, due.payload, due.created_at, due.due_at, due.tries, 1
              INTO id, kind, user_id, email, payload, created_at, due_at, tries, outcome;
            RETURN;
          END IF;
          -- If the first is locked, it may be on its way out, and then the next is due at once.
          SELECT o.due_at INTO first_due FROM \(name).outbox o WHERE o.id = first_id FOR UPDATE SKIP LOCKED;
          UPDATE \(name).outbox o SET due_at = greatest(first_due, p_next) WHERE o.id = due.id;
        END LOOP;
        outcome := 2;
      END $$;

      -- Makes the message due that waited behind one that is gone. One that was tried has its own time.
      CREATE FUNCTION \(name).let_next_1(p_kind bytea, p_email text, p_created_at bigint, p_id bytea)
      RETURNS void LANGUAGE plpgsql AS $$
      DECLARE next_id bytea;
      BEGIN
        SELECT o.id INTO next_id FROM \(name).outbox o
          WHERE lower(o.email) = lower(p_email COLLATE "C") AND o.kind = p_kind ORDER BY o.created_at, o.id LIMIT 1;
        UPDATE \(name).outbox o SET due_at = o.created_at
          WHERE o.id = next_id AND o.tries = 0 AND (o.created_at, o.id) > (p_created_at, p_id);
      END $$;

      CREATE FUNCTION \(name).remove_message_2(p_id bytea) RETURNS void LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE removed \(name).outbox;
      BEGIN
        PERFORM \(name).begin_1();
        DELETE FROM \(name).outbox WHERE id = p_id RETURNING * INTO removed;
        IF FOUND THEN PERFORM \(name).let_next_1(removed.kind, removed.email, removed.created_at, removed.id); END IF;
      END $$;

      -- This and the next go on until they have found as many as they may, or no more: their callers take fewer for the end, and
      -- some that were found may have gone while they waited for the locks. The change is a statement of its own, because the one
      -- that waited for the locks does not see what it waited for.
      CREATE FUNCTION \(name).hasten_messages_1(\(selection), p_now bigint, p_limit bigint)
      RETURNS bigint LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE
        room bigint := p_limit;
        locked bytea[];
      BEGIN
        PERFORM \(name).begin_1();
        LOOP
          locked := ARRAY(
            SELECT o.id FROM \(name).outbox o WHERE o.due_at > p_now AND \(isSelected)
            ORDER BY o.created_at, o.id LIMIT room FOR UPDATE);
          UPDATE \(name).outbox SET due_at = p_now WHERE id = ANY (locked);
          room := room - cardinality(locked);
          EXIT WHEN room = 0 OR locked = '{}';
        END LOOP;
        RETURN p_limit - room;
      END $$;

      CREATE FUNCTION \(name).drop_messages_1(\(selection), p_limit bigint)
      RETURNS SETOF \(name).outbox LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE
        room bigint := p_limit;
        locked bytea[];
        dropped \(name).outbox;
      BEGIN
        PERFORM \(name).begin_1();
        LOOP
          locked := ARRAY(
            SELECT o.id FROM \(name).outbox o WHERE \(isSelected) ORDER BY o.created_at, o.id LIMIT room FOR UPDATE);
          FOR dropped IN DELETE FROM \(name).outbox WHERE id = ANY (locked) RETURNING * LOOP
            PERFORM \(name).let_next_1(dropped.kind, dropped.email, dropped.created_at, dropped.id);
            RETURN NEXT dropped;
          END LOOP;
          room := room - cardinality(locked);
          EXIT WHEN room = 0 OR locked = '{}';
        END LOOP;
      END $$;
      """
  }
}
#endif
