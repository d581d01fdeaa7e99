#if Postgres
extension PostgresSchema {
  /// What version 2 adds: the notices to owners, and the clients that are known.
  ///
  /// Each function with a 2 calls that with a 1, which has done the same without the notice, and queues it in its transaction.
  var noticeScript: String {
    let notice = """
      p_notice_id bytea, p_notice_kind bytea, p_notice_email text, p_notice_payload bytea, p_notice_created_at bigint,
        p_notice_tries bigint
      """
    let values = "p_notice_id, p_notice_kind, p_notice_email, p_notice_payload, p_notice_created_at, p_notice_tries"
    return """
      -- From where a user has logged in, as digests, and when last. A digest of zeros says that they have logged in before.
      CREATE TABLE \(name).known_clients (
        user_id bigint NOT NULL REFERENCES \(name).users (id) ON DELETE CASCADE ON UPDATE CASCADE,
        digest bytea NOT NULL,
        last_seen bigint NOT NULL,
        PRIMARY KEY (user_id, digest)
      ) WITH (fillfactor = 90);
      CREATE INDEX known_clients_last_seen ON \(name).known_clients (last_seen);

      -- Nothing without an id.
      CREATE FUNCTION \(name).insert_notice_1(p_user bigint, \(notice)) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF p_notice_id IS NULL THEN RETURN; END IF;
        INSERT INTO \(name).outbox VALUES (
          p_notice_id, p_notice_kind, p_user, p_notice_email, p_notice_payload, p_notice_created_at, p_notice_created_at,
          p_notice_tries);
      END $$;

      -- As a notice, with the copy for the recovery email that the user had.
      CREATE FUNCTION \(name).insert_notice_of_deleted_1(p_user bigint, p_account text, p_recovery text, \(notice))
      RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF p_notice_id IS NULL THEN RETURN; END IF;
        PERFORM \(name).insert_notice_1(p_user, \(values));
        IF p_recovery IS NULL OR lower(p_recovery COLLATE "C") = lower(p_account COLLATE "C") THEN RETURN; END IF;
        PERFORM \(name).insert_recovery_notice_1(
          p_user, p_recovery, p_account, p_notice_kind, p_notice_payload, p_notice_created_at);
      END $$;

      CREATE FUNCTION \(name).delete_user_2(p_id bigint, p_expected text, \(notice))
      RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE
        account text;
        recovery text;
      BEGIN
        SELECT u.email, r.email INTO account, recovery
          FROM \(name).users u JOIN \(name).recovery_emails r ON r.user_id = u.id WHERE u.id = p_id;
        IF NOT \(name).delete_user_1(p_id, p_expected) THEN RETURN false; END IF;
        PERFORM \(name).insert_notice_of_deleted_1(p_id, account, recovery, \(values));
        RETURN true;
      END $$;

      CREATE FUNCTION \(name).erase_user_2(p_id bigint, p_kinds bytea[], p_keys bytea[], \(notice))
      RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE
        account text;
        recovery text;
      BEGIN
        SELECT u.email, r.email INTO account, recovery
          FROM \(name).users u JOIN \(name).recovery_emails r ON r.user_id = u.id WHERE u.id = p_id;
        IF NOT \(name).erase_user_1(p_id, p_kinds, p_keys) THEN RETURN false; END IF;
        PERFORM \(name).insert_notice_of_deleted_1(p_id, account, recovery, \(values));
        RETURN true;
      END $$;

      CREATE FUNCTION \(name).clear_counters_2(p_kinds bytea[], p_keys bytea[], p_user bigint, \(notice))
      RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
      BEGIN
        IF NOT \(name).clear_counters_1(p_kinds, p_keys) THEN RETURN false; END IF;
        PERFORM \(name).insert_notice_1(p_user, \(values));
        RETURN true;
      END $$;

      CREATE FUNCTION \(name).disable_user_2(
        p_id bigint, p_at bigint, p_expiring_after bigint, p_used_after bigint, \(notice), OUT outcome int, OUT sessions bytea[]
      ) LANGUAGE plpgsql \(entryPointClauses) AS $$
      BEGIN
        SELECT d.outcome, d.sessions INTO outcome, sessions
          FROM \(name).disable_user_1(p_id, p_at, p_expiring_after, p_used_after) d;
        IF outcome = 2 THEN PERFORM \(name).insert_notice_1(p_id, \(values)); END IF;
      END $$;

      CREATE FUNCTION \(name).enable_user_2(p_id bigint, \(notice)) RETURNS int LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE outcome int := \(name).enable_user_1(p_id);
      BEGIN
        IF outcome = 2 THEN PERFORM \(name).insert_notice_1(p_id, \(values)); END IF;
        RETURN outcome;
      END $$;

      -- What `Throttle.Alert` says, after a failure that was counted for the email: a warning, or the notice of a lock.
      CREATE FUNCTION \(name).count_attempt_2(
        p_kinds bytea[], p_keys bytea[], p_rules bigint[], p_is_known_device boolean, p_memory bigint, p_is_success boolean,
        p_at bigint, p_alert_kind bytea, p_alert_key bytea, p_alert_threshold bigint, p_alert_interval bigint, p_user bigint,
        p_lock_notice bytea, \(notice), OUT outcome int, OUT retry_after bigint
      ) LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE
        now numeric := p_at;
        failures numeric;
        lock_threshold bigint;
        told_at numeric;
        kind bytea;
      BEGIN
        PERFORM \(name).begin_1(), \(name).lock_counters_1(p_kinds || p_alert_kind, p_keys || p_alert_key);
        SELECT s.outcome, s.retry_after INTO outcome, retry_after
          FROM \(name).settle_1(p_kinds, p_keys, p_rules, p_is_known_device, p_memory, p_is_success, p_at) s;
        IF outcome = 2 OR p_is_success THEN RETURN; END IF;
        FOR i IN 1 .. coalesce(array_length(p_rules, 1), 0) / 6 LOOP
          IF p_rules[6 * i] = 0 THEN
            SELECT c.count INTO failures FROM \(name).attempt_counters c WHERE c.kind = p_kinds[i] AND c.key = p_keys[i];
            lock_threshold := p_rules[6 * i - 1];
            EXIT;
          END IF;
        END LOOP;
        IF lock_threshold >= 0 AND failures >= lock_threshold THEN
          kind := p_lock_notice;
        ELSIF failures >= p_alert_threshold THEN
          SELECT c.last_at INTO told_at FROM \(name).attempt_counters c
            WHERE c.kind = p_alert_kind AND c.key = p_alert_key AND c.count > 0;
          IF told_at IS NULL OR least(told_at + p_alert_interval, 9223372036854775807) <= now OR told_at > now + 60 THEN
            kind := p_notice_kind;
          END IF;
        END IF;
        IF kind IS NULL THEN RETURN; END IF;
        PERFORM \(name).store_counter_1(p_alert_kind, p_alert_key, 1, p_at);
        PERFORM 1 FROM \(name).users WHERE id = p_user;
        IF NOT FOUND THEN RETURN; END IF;
        PERFORM \(name).insert_notice_1(
          p_user, p_notice_id, kind, p_notice_email, p_notice_payload, p_notice_created_at, p_notice_tries);
      END $$;

      -- What `KnownClient.Sighting` says, for a user whose row is locked. A second time it changes nothing.
      CREATE FUNCTION \(name).remember_client_1(
        p_user bigint, p_client bytea, p_at bigint, p_forgotten_before bigint, p_due_by bigint, \(notice)
      ) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE
        anyone bytea := decode(repeat('00', 32), 'hex');
        seen bigint;
        has_logged_in boolean;
      BEGIN
        SELECT max(last_seen) FILTER (WHERE digest = p_client), bool_or(digest = anyone) INTO seen, has_logged_in
          FROM \(name).known_clients WHERE user_id = p_user AND digest IN (p_client, anyone);
        has_logged_in := coalesce(has_logged_in, false);
        IF has_logged_in AND seen >= p_forgotten_before AND seen > p_due_by THEN RETURN; END IF;
        INSERT INTO \(name).known_clients VALUES (p_user, p_client, p_at)
          ON CONFLICT (user_id, digest) DO UPDATE SET last_seen = excluded.last_seen;
        IF NOT has_logged_in THEN
          INSERT INTO \(name).known_clients VALUES (p_user, anyone, 9223372036854775807) ON CONFLICT DO NOTHING;
        ELSIF seen IS NULL OR seen < p_forgotten_before THEN
          PERFORM \(name).insert_notice_1(p_user, \(values));
        END IF;
      END $$;

      CREATE FUNCTION \(name).add_session_2(
        p_id bytea, p_user bigint, p_created_at bigint, p_last_used_at bigint, p_expires_at bigint, p_authenticated_at bigint,
        p_methods text, p_ip_address text, p_user_agent bytea, p_limit bigint, p_expiring_after bigint, p_used_after bigint,
        p_password text, p_former bytea, p_kinds bytea[], p_keys bytea[], p_rules bigint[], p_is_known_device boolean,
        p_memory bigint, p_is_success boolean, p_at bigint, p_client bytea, p_seen_at bigint, p_forgotten_before bigint,
        p_due_by bigint, \(notice), OUT outcome int, OUT retry_after bigint
      ) LANGUAGE plpgsql \(entryPointClauses) AS $$
      BEGIN
        SELECT a.outcome, a.retry_after INTO outcome, retry_after FROM \(name).add_session_1(
          p_id, p_user, p_created_at, p_last_used_at, p_expires_at, p_authenticated_at, p_methods, p_ip_address, p_user_agent,
          p_limit, p_expiring_after, p_used_after, p_password, p_former, p_kinds, p_keys, p_rules, p_is_known_device, p_memory,
          p_is_success, p_at) a;
        IF outcome = 4 AND p_client IS NOT NULL THEN
          PERFORM \(name).remember_client_1(p_user, p_client, p_seen_at, p_forgotten_before, p_due_by, \(values));
        END IF;
      END $$;

      -- As before, and then registrations, unverified users, changes of emails, the rights to undo them and requests for recovery
      -- emails that have expired, and clients that are forgotten. The last row has the ids of the users, who go with everything
      -- that belongs to them.
      CREATE FUNCTION \(name).purge_2(
        p_expired_by bigint, p_unused_since bigint, p_counters_before bigint, p_lock_threshold bigint, p_lock_kind bytea,
        p_clients_before bigint, p_limit bigint
      ) RETURNS TABLE (
        id bytea, user_id bigint, created_at bigint, last_used_at bigint, expires_at bigint, authenticated_at bigint, methods text,
        ip_address text, user_agent bytea, others bigint, ended_users bigint[]
      ) LANGUAGE plpgsql \(entryPointClauses) AS $$
      #variable_conflict use_column
      DECLARE
        room bigint := p_limit;
        deleted bigint;
      BEGIN
        FOR id, user_id, created_at, last_used_at, expires_at, authenticated_at, methods, ip_address, user_agent, others IN
          SELECT * FROM \(name).purge_1(
            p_expired_by, p_unused_since, p_counters_before, p_lock_threshold, p_lock_kind, p_limit)
        LOOP
          IF others IS NULL THEN
            room := room - 1;
            RETURN NEXT;
          ELSE
            room := room - others;
          END IF;
        END LOOP;
        DELETE FROM \(name).registrations d WHERE d.ctid = ANY (ARRAY(
          SELECT r.ctid FROM \(name).registrations r WHERE r.expires_at <= p_expired_by
          ORDER BY r.expires_at LIMIT room FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS deleted = ROW_COUNT;
        others := others + deleted;
        room := room - deleted;
        -- Both rows are locked: one that was verified meanwhile is no longer there.
        WITH ended AS (
          DELETE FROM \(name).users d WHERE d.id = ANY (ARRAY(
            SELECT u.id FROM \(name).unverified_users w JOIN \(name).users u ON u.id = w.user_id
            WHERE w.expires_at <= p_expired_by ORDER BY w.expires_at LIMIT room FOR UPDATE SKIP LOCKED))
          RETURNING d.id)
        SELECT array_agg(e.id), count(*) INTO ended_users, deleted FROM ended e;
        others := others + deleted;
        room := room - deleted;
        DELETE FROM \(name).email_changes d WHERE d.ctid = ANY (ARRAY(
          SELECT c.ctid FROM \(name).email_changes c WHERE c.expires_at <= p_expired_by
          ORDER BY c.expires_at LIMIT room FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS deleted = ROW_COUNT;
        others := others + deleted;
        room := room - deleted;
        DELETE FROM \(name).recovery_email_requests d WHERE d.ctid = ANY (ARRAY(
          SELECT q.ctid FROM \(name).recovery_email_requests q WHERE q.expires_at <= p_expired_by
          ORDER BY q.expires_at LIMIT room FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS deleted = ROW_COUNT;
        others := others + deleted;
        room := room - deleted;
        DELETE FROM \(name).email_take_backs d WHERE d.ctid = ANY (ARRAY(
          SELECT t.ctid FROM \(name).email_take_backs t WHERE t.expires_at <= p_expired_by
          ORDER BY t.expires_at LIMIT room FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS deleted = ROW_COUNT;
        others := others + deleted;
        room := room - deleted;
        DELETE FROM \(name).known_clients d WHERE d.ctid = ANY (ARRAY(
          SELECT k.ctid FROM \(name).known_clients k WHERE k.last_seen < p_clients_before
          ORDER BY k.last_seen LIMIT room FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS deleted = ROW_COUNT;
        others := others + deleted;
        RETURN NEXT;
      END $$;
      """
  }
}
#endif
