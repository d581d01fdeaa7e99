#if Postgres
extension PostgresSchema {
  /// What `Throttle.Attempt.settle(_:)` says, for counters that all servers share: in the database a lock lasts for microseconds,
  /// and not for two round trips. A test compares both.
  ///
  /// `p_rules` has six numbers for each of the first keys: threshold, first delay, longest delay, forgiveness or -1, lock
  /// threshold or -1, and 1 for a network. A key without rules, after them, is that of the known network. Numbers are `numeric`,
  /// which does not overflow.
  var throttlingFunctions: String {
    """
    -- Rows that do not exist cannot be locked. All lock in one order.
    CREATE FUNCTION \(name).lock_counters_1(p_kinds bytea[], p_keys bytea[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(lock) FROM (
        SELECT DISTINCT hashtextextended(encode(kind, 'hex') || ' ' || encode(key, 'hex'), 1) lock
        FROM unnest(p_kinds, p_keys) k(kind, key) ORDER BY 1) locks;
    END $$;

    CREATE FUNCTION \(name).store_counter_1(p_kind bytea, p_key bytea, p_count numeric, p_last_at numeric)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF p_count > 0 THEN
        INSERT INTO \(name).attempt_counters VALUES (p_kind, p_key, p_count, p_last_at)
          ON CONFLICT (kind, key) DO UPDATE SET count = excluded.count, last_at = excluded.last_at;
      ELSE
        DELETE FROM \(name).attempt_counters WHERE kind = p_kind AND key = p_key;
      END IF;
    END $$;

    -- The seconds that are left of a delay; NULL if there is none.
    CREATE FUNCTION \(name).throttle_delay_1(p_rules bigint[], p_limit int, p_count numeric, p_last_at numeric, p_now numeric)
    RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
    DECLARE
      threshold numeric := p_rules[6 * p_limit - 5];
      longest numeric := p_rules[6 * p_limit - 3];
      lock_threshold numeric := p_rules[6 * p_limit - 1];
      length numeric := p_rules[6 * p_limit - 4];
    BEGIN
      IF lock_threshold >= 0 AND p_count >= lock_threshold THEN RETURN longest; END IF;
      IF p_count < threshold OR p_last_at > p_now + 60 THEN RETURN NULL; END IF;
      IF p_count - threshold >= 32 THEN length := longest;
      ELSE length := least(length * 2 ^ (p_count - threshold), longest);
      END IF;
      -- As moments in AuthCore do, it ends at the end of time.
      RETURN nullif(greatest(least(p_last_at + length, 9223372036854775807) - p_now, 0), 0);
    END $$;

    -- 0: counted; 1: counted, and a delay begins; 2: refused, and `retry_after` says for how many seconds. The keys are locked.
    CREATE FUNCTION \(name).settle_1(
      p_kinds bytea[], p_keys bytea[], p_rules bigint[], p_is_known_device boolean, p_memory bigint, p_is_success boolean,
      p_at bigint, OUT outcome int, OUT retry_after bigint
    ) LANGUAGE plpgsql AS $$
    DECLARE
      limits int := coalesce(array_length(p_rules, 1), 0) / 6;
      now numeric := p_at;
      forgotten_before numeric := greatest(now - p_memory, -9223372036854775808);
      stored_counts numeric[];
      stored_lasts numeric[];
      counts numeric[];
      lasts numeric[];
      delay numeric;
      is_known boolean := p_is_known_device;
      counts_failure boolean;
      forgiveness numeric;
      after_success numeric;
    BEGIN
      SELECT array_agg(coalesce(c.count, 0) ORDER BY k.i), array_agg(coalesce(c.last_at, 0) ORDER BY k.i)
        INTO stored_counts, stored_lasts
        FROM unnest(p_kinds, p_keys) WITH ORDINALITY k(kind, key, i)
        LEFT JOIN \(name).attempt_counters c ON c.kind = k.kind AND c.key = k.key;
      counts := stored_counts;
      lasts := stored_lasts;
      IF cardinality(p_keys) > limits THEN
        is_known := is_known OR counts[limits + 1] > 0 AND lasts[limits + 1] >= forgotten_before;
      END IF;
      FOR i IN 1 .. limits LOOP
        IF lasts[i] < forgotten_before AND (p_rules[6 * i - 1] < 0 OR counts[i] < p_rules[6 * i - 1]) THEN
          counts[i] := 0;
          lasts[i] := 0;
        END IF;
        IF NOT (is_known AND p_rules[6 * i] = 1) THEN
          delay := greatest(delay, \(name).throttle_delay_1(p_rules, i, counts[i], lasts[i], now));
        END IF;
      END LOOP;

      FOR i IN 1 .. limits LOOP
        counts_failure := CASE
          -- During a delay of the email, attempts still count for the network, because each costs a hash.
          WHEN delay IS NOT NULL THEN
            p_rules[6 * i] = 1 AND \(name).throttle_delay_1(p_rules, i, counts[i], lasts[i], now) IS NULL
          ELSE NOT p_is_success AND NOT (is_known AND p_rules[6 * i] = 1)
          END;
        IF counts_failure THEN
          forgiveness := p_rules[6 * i - 2];
          IF forgiveness >= 0 AND counts[i] > 0 THEN
            counts[i] := greatest(0, counts[i] - trunc(greatest(now - lasts[i], 0) / greatest(forgiveness, 1)));
          END IF;
          counts[i] := least(counts[i], 9223372036854775806) + 1;
          lasts[i] := now;
        ELSIF delay IS NULL AND p_is_success AND p_rules[6 * i] = 0 THEN
          counts[i] := 0;
          lasts[i] := 0;
        ELSE
          counts[i] := stored_counts[i];
          lasts[i] := stored_lasts[i];
        END IF;
      END LOOP;
      IF delay IS NULL AND p_is_success AND cardinality(p_keys) > limits THEN
        after_success := lasts[limits + 1] + least(p_memory / 2, 86400);
        IF counts[limits + 1] = 0 OR after_success <= now THEN
          counts[limits + 1] := 1;
          lasts[limits + 1] := now;
        END IF;
      END IF;

      FOR i IN 1 .. cardinality(p_keys) LOOP
        IF counts[i] <> stored_counts[i] OR lasts[i] <> stored_lasts[i] THEN
          PERFORM \(name).store_counter_1(p_kinds[i], p_keys[i], counts[i], lasts[i]);
        END IF;
      END LOOP;
      IF delay IS NOT NULL THEN
        outcome := 2;
        retry_after := delay;
        RETURN;
      END IF;
      outcome := 0;
      FOR i IN 1 .. limits LOOP
        IF NOT (is_known AND p_rules[6 * i] = 1)
          AND (lasts[i] >= forgotten_before OR p_rules[6 * i - 1] >= 0 AND counts[i] >= p_rules[6 * i - 1])
          AND \(name).throttle_delay_1(p_rules, i, counts[i], lasts[i], now) IS NOT NULL
        THEN
          outcome := 1;
        END IF;
      END LOOP;
    END $$;

    CREATE FUNCTION \(name).count_attempt_1(
      p_kinds bytea[], p_keys bytea[], p_rules bigint[], p_is_known_device boolean, p_memory bigint, p_is_success boolean,
      p_at bigint, OUT outcome int, OUT retry_after bigint
    ) LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1(), \(name).lock_counters_1(p_kinds, p_keys);
      SELECT s.outcome, s.retry_after INTO outcome, retry_after
        FROM \(name).settle_1(p_kinds, p_keys, p_rules, p_is_known_device, p_memory, p_is_success, p_at) s;
    END $$;

    CREATE FUNCTION \(name).clear_counters_1(p_kinds bytea[], p_keys bytea[])
    RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
    BEGIN
      PERFORM \(name).begin_1(), \(name).lock_counters_1(p_kinds, p_keys);
      DELETE FROM \(name).attempt_counters c USING unnest(p_kinds, p_keys) k(kind, key) WHERE c.kind = k.kind AND c.key = k.key;
      RETURN FOUND;
    END $$;
    """
  }
}
#endif
