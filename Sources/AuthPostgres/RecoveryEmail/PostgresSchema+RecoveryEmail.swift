#if Postgres
extension PostgresSchema {
  /// What version 2 adds: recovery emails, and the copies of notices that go to them.
  var recoveryEmailScript: String { recoveryEmailTables + recoveryEmailFunctions }

  private var recoveryEmailTables: String {
    """
    -- Second emails of users, whose readers have confirmed them.
    CREATE TABLE \(name).recovery_emails (
      user_id bigint PRIMARY KEY REFERENCES \(name).users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      email varchar(250) COLLATE "C" NOT NULL,
      verified_at bigint NOT NULL
    );

    -- Those that wait for their readers; a user has one at most. `token` and `code` are digests of what the newest message has.
    CREATE TABLE \(name).recovery_email_requests (
      id bytea PRIMARY KEY,
      user_id bigint NOT NULL UNIQUE REFERENCES \(name).users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      email varchar(250) COLLATE "C" NOT NULL,
      created_at bigint NOT NULL,
      expires_at bigint NOT NULL,
      token bytea UNIQUE,
      code bytea,
      code_expires_at bigint,
      tries bigint NOT NULL
    );
    CREATE INDEX recovery_email_requests_expires_at ON \(name).recovery_email_requests (expires_at);

    -- What `OutboxMessage.copy(to:of:id:)` says.
    CREATE FUNCTION \(name).insert_recovery_notice_1(
      p_user bigint, p_recovery text, p_account text, p_kind bytea, p_payload bytea, p_created_at bigint
    ) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO \(name).outbox VALUES (
        convert_to(gen_random_uuid()::text, 'UTF8'), convert_to('recovery_notice', 'UTF8'), p_user, p_recovery,
        p_kind || decode('0a', 'hex') || convert_to(p_account, 'UTF8') || decode('0a', 'hex') || coalesce(p_payload, ''),
        p_created_at, p_created_at, 0);
    END $$;

    -- The trigger sees to it that no notice of a change is without its copy, no matter which function queues it. A deleted user has
    -- no recovery email any more: the functions that delete see to that one.
    CREATE FUNCTION \(name).recovery_notices() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM \(name).insert_recovery_notice_1(u.id, r.email, u.email, NEW.kind, NEW.payload, NEW.created_at)
        FROM \(name).recovery_emails r JOIN \(name).users u ON u.id = r.user_id
        WHERE r.user_id = NEW.user_id AND lower(r.email) <> lower(u.email) AND lower(r.email) <> lower(NEW.email);
      RETURN NULL;
    END $$;
    CREATE TRIGGER recovery_notices AFTER INSERT ON \(name).outbox FOR EACH ROW
      WHEN (NEW.user_id IS NOT NULL AND NEW.kind IN (
        'password_changed', 'email_changed', 'recovery_email_changed', 'account_locked', 'account_unlocked', 'account_disabled',
        'account_enabled', 'account_deleted'))
      EXECUTE FUNCTION \(name).recovery_notices();

    """
  }

  private var recoveryEmailFunctions: String {
    let notice = """
      p_notice_id bytea, p_notice_kind bytea, p_notice_email text, p_notice_payload bytea, p_notice_created_at bigint,
        p_notice_tries bigint
      """
    let values = "p_notice_id, p_notice_kind, p_notice_email, p_notice_payload, p_notice_created_at, p_notice_tries"
    return """
      -- 0: the session is not the user's any more; 1: the message is one too many; 2: saved.
      CREATE FUNCTION \(name).add_recovery_email_request_1(
        p_id bytea, p_user bigint, p_email text, p_created_at bigint, p_expires_at bigint, p_session bytea,
        p_message_id bytea, p_kind bytea, p_message_user bigint, p_message_email text, p_payload bytea,
        p_message_created_at bigint, p_tries bigint, p_limit bigint
      ) RETURNS int LANGUAGE plpgsql \(entryPointClauses) AS $$
      BEGIN
        PERFORM \(name).begin_1();
        PERFORM 1 FROM \(name).users WHERE id = p_user FOR NO KEY UPDATE;
        -- An earlier call may have succeeded although its response was lost.
        PERFORM 1 FROM \(name).recovery_email_requests WHERE id = p_id;
        IF FOUND THEN RETURN 2; END IF;
        PERFORM 1 FROM \(name).sessions WHERE id = p_session AND user_id = p_user;
        IF NOT FOUND THEN RETURN 0; END IF;
        IF NOT \(name).queue_message_1(
          p_message_id, p_kind, p_message_user, p_message_email, p_payload, p_message_created_at, p_tries, p_limit)
        THEN RETURN 1; END IF;
        DELETE FROM \(name).recovery_email_requests WHERE user_id = p_user;
        INSERT INTO \(name).recovery_email_requests VALUES (
          p_id, p_user, p_email, p_created_at, p_expires_at, NULL, NULL, NULL, 0);
        RETURN 2;
      END $$;

      CREATE FUNCTION \(name).challenge_recovery_email_request_1(
        p_id bytea, p_now bigint, p_token bytea, p_code bytea, p_code_expires_at bigint
      ) RETURNS SETOF \(name).recovery_email_requests LANGUAGE plpgsql \(entryPointClauses) AS $$
      BEGIN
        PERFORM \(name).begin_1();
        RETURN QUERY UPDATE \(name).recovery_email_requests
          SET token = p_token, code = p_code, code_expires_at = p_code_expires_at
          WHERE id = p_id AND expires_at > p_now RETURNING *;
      END $$;

      -- By the token or, where that is NULL, by user and code.
      CREATE FUNCTION \(name).try_recovery_email_request_1(
        p_token bytea, p_user bigint, p_code bytea, p_now bigint, p_limit bigint
      ) RETURNS SETOF \(name).recovery_email_requests LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE tried \(name).recovery_email_requests;
      BEGIN
        PERFORM \(name).begin_1();
        IF p_token IS NOT NULL THEN
          UPDATE \(name).recovery_email_requests SET tries = tries + 1
            WHERE token = p_token AND expires_at > p_now AND tries < p_limit RETURNING * INTO tried;
        ELSE
          UPDATE \(name).recovery_email_requests SET tries = tries + 1
            WHERE user_id = p_user AND expires_at > p_now AND code_expires_at > p_now AND tries < p_limit RETURNING * INTO tried;
        END IF;
        IF FOUND AND (p_token IS NOT NULL OR tried.code = p_code) THEN RETURN NEXT tried; END IF;
      END $$;

      CREATE FUNCTION \(name).confirm_recovery_email_1(
        p_id bytea, p_user bigint, p_email text, p_now bigint, \(notice), p_is_retry boolean
      ) RETURNS boolean LANGUAGE plpgsql \(entryPointClauses) AS $$
      DECLARE recovery text;
      BEGIN
        PERFORM \(name).begin_1();
        PERFORM 1 FROM \(name).users WHERE id = p_user FOR NO KEY UPDATE;
        DELETE FROM \(name).recovery_email_requests WHERE id = p_id AND user_id = p_user AND expires_at > p_now
          AND NOT EXISTS (SELECT 1 FROM \(name).disabled_users d WHERE d.user_id = p_user) RETURNING email INTO recovery;
        IF NOT FOUND THEN
          IF NOT p_is_retry THEN RETURN false; END IF;
          -- What the earlier call has left.
          PERFORM 1 FROM \(name).recovery_emails WHERE user_id = p_user AND email = p_email AND verified_at = p_now;
          RETURN FOUND;
        END IF;
        -- First, so that the earlier recovery email gets the copy.
        PERFORM \(name).insert_notice_1(p_user, \(values));
        INSERT INTO \(name).recovery_emails VALUES (p_user, recovery, p_now)
          ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, verified_at = excluded.verified_at;
        PERFORM \(name).revoke_reset_token_1(p_user);
        RETURN true;
      END $$;

      -- 0: the session is not the user's any more; 1: there is none; 2: removed.
      CREATE FUNCTION \(name).remove_recovery_email_1(p_user bigint, p_session bytea, \(notice), p_is_retry boolean)
      RETURNS int LANGUAGE plpgsql \(entryPointClauses) AS $$
      BEGIN
        PERFORM \(name).begin_1();
        PERFORM 1 FROM \(name).users WHERE id = p_user FOR NO KEY UPDATE;
        PERFORM 1 FROM \(name).sessions WHERE id = p_session AND user_id = p_user;
        IF NOT FOUND THEN RETURN 0; END IF;
        DELETE FROM \(name).recovery_email_requests WHERE user_id = p_user;
        PERFORM 1 FROM \(name).recovery_emails WHERE user_id = p_user;
        IF NOT FOUND THEN
          IF NOT p_is_retry THEN RETURN 1; END IF;
          -- What the earlier call has left, unless it was delivered within that second.
          PERFORM 1 FROM \(name).outbox WHERE id = p_notice_id;
          IF FOUND THEN RETURN 2; END IF;
          RETURN 1;
        END IF;
        PERFORM \(name).insert_notice_1(p_user, \(values));
        DELETE FROM \(name).recovery_emails WHERE user_id = p_user;
        PERFORM \(name).revoke_reset_token_1(p_user);
        RETURN 2;
      END $$;
      """
  }
}
#endif
