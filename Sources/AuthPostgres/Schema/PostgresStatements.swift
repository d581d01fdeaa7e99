#if Postgres
internal import AuthCore

/// The functions that the store calls, and what it reads but for sessions.
struct PostgresStatements: Sendable {
  let flush, check, clock: PostgresStatement
  // Accounts
  let addUser, updateUser, replaceHashedPassword, changePassword, deleteUser: PostgresStatement
  // Sessions
  let addSession, addLoneSession, addSessions, touchSession, endSession, endSessions, sessionsOfUser: PostgresStatement
  // Reset tokens
  let addResetToken, consumeResetToken, userWithResetToken: PostgresStatement
  // Email verification
  let addRegistration, challengeRegistration, tryRegistration, completeRegistration, emailVerifiedAt: PostgresStatement
  let userOfRegistration, openUnverifiedAccount, unverifiedAccount, vouchForEmail: PostgresStatement
  // Email change
  let addEmailChange, challengeEmailChange, tryEmailChange, confirmEmailChange: PostgresStatement
  let issueTakeBackToken, takeBackWithToken, takeBackEmail: PostgresStatement
  // Recovery email
  let addRecoveryEmailRequest, challengeRecoveryEmailRequest, tryRecoveryEmailRequest: PostgresStatement
  let confirmRecoveryEmail, removeRecoveryEmail, recoveryEmail: PostgresStatement
  // Throttling
  let countAttempt, countAttemptWithAlert, clearCounters, counters, loginRead: PostgresStatement
  // Outbox
  let addMessage, claimMessage, postponeMessage, removeMessage, dueMessage: PostgresStatement
  let waitingMessages, backlogs, hastenMessages, dropMessages: PostgresStatement
  // Disabling
  let disableUser, enableUser, disabledAt: PostgresStatement
  // Administration and maintenance
  let createUser, importUsers, eraseUser, accountsFrom, accountsAfter, messagesToUser, statistics: PostgresStatement
  let purge, gauges: PostgresStatement
  // Events
  let addEvents, newestEvent, events, olderEvent, countEvents: PostgresStatement
  // Account events
  let keepAccountEvents, claimAccountEvent, postponeAccountEvent, removeAccountEvent, dueAccountEvent: PostgresStatement

  init(_ schema: PostgresSchema) {
    let s = schema.name
    func call(_ name: String, _ types: PostgresType...) -> PostgresStatement {
      PostgresStatement(calling: name, in: schema, types)
    }
    func call(_ name: String, _ types: [PostgresType]) -> PostgresStatement {
      PostgresStatement(calling: name, in: schema, types)
    }
    let session: [PostgresType] = [.bytes, .bigint, .bigint, .bigint, .bigint, .bigint, .text, .text, .bytes]
    let attempt: [PostgresType] = [.bytesArray, .bytesArray, .bigintArray, .boolean, .bigint, .boolean, .bigint]
    let message: [PostgresType] = [.bytes, .bytes, .bigint, .text, .bytes, .bigint, .bigint]
    let notice: [PostgresType] = [.bytes, .bytes, .text, .bytes, .bigint, .bigint]

    flush = PostgresStatement("flush_1", "SELECT \(s).flush_1()")
    check = PostgresStatement("check", "SELECT version FROM \(s).schema_version")
    clock = PostgresStatement("clock", "SELECT \(PostgresClock.sql)")
    addUser = call("add_user_1", .text, .text, .boolean)
    updateUser = call("update_user_2", .bigint, .text, .text, .boolean, .boolean)
    replaceHashedPassword = call("replace_hashed_password_1", .bigint, .text, .text, .boolean)
    changePassword = call(
      "change_password_2",
      [.bigint, .text, .text, .bytes, .boolean, .bytes, .bigint, .bigint, .bigint, .bigint, .text, .text, .bytes] + notice
        + [.boolean])
    deleteUser = call("delete_user_2", [.bigint, .text] + notice)

    let insertion = session + [.bigint, .bigint, .bigint, .text, .bytes] + attempt
    addSession = call("add_session_2", insertion + [.bytes, .bigint, .bigint, .bigint] + notice)
    addLoneSession = PostgresStatement(calling: "add_session_1", in: schema, insertion, flushing: true)
    addSessions = call(
      "add_sessions_1",
      [
        .bytesArray, .bigintArray, .bigintArray, .bigintArray, .bigintArray, .bigintArray, .textArray, .textArray, .bytesArray,
        .bigintArray, .bigintArray, .bigintArray, .textArray,
      ])
    touchSession = call("touch_session_1", .bytes, .bigint)
    endSession = call("end_session_1", .bytes)
    endSessions = call("end_sessions_1", .bigint, .bytes, .bytes)
    sessionsOfUser = PostgresStatement(
      "sessions_of_user",
      """
      SELECT s.id, \(Session.columns) FROM \(s).sessions s WHERE s.user_id = $1 AND s.expires_at > $2 AND s.last_used_at > $3
      ORDER BY s.number DESC
      """, [.bigint, .bigint, .bigint])

    addResetToken = call("add_reset_token_2", .bytes, .bigint, .bigint, .text)
    consumeResetToken = call(
      "consume_reset_token_2",
      [.bytes, .bigint, .bigint, .text, .boolean, .bytesArray, .bytesArray] + notice + [.boolean])
    userWithResetToken = PostgresStatement(
      "user_with_reset_token",
      """
      SELECT \(User.columns) FROM \(s).reset_tokens t JOIN \(s).users u ON u.id = t.user_id WHERE t.id = $1 AND t.expires_at > $2
      """, [.bytes, .bigint])

    addRegistration = call("add_registration_1", [.bytes, .text, .text, .bigint, .bigint] + message + [.bigint])
    challengeRegistration = call("challenge_registration_1", .bytes, .bigint, .bytes, .bytes, .bigint)
    tryRegistration = call("try_registration_1", .bytes, .bytes, .bytes, .bigint, .bigint)
    completeRegistration = call("complete_registration_1", .bytes, .text, .text, .text, .bigint, .bigint, .boolean)
    emailVerifiedAt = PostgresStatement(
      "email_verified_at",
      """
      SELECT v.verified_at FROM \(s).verified_emails v JOIN \(s).users u ON u.id = v.user_id AND u.email = v.email
      WHERE u.id = $1
      """, [.bigint])
    userOfRegistration = PostgresStatement(
      "user_of_registration", "SELECT user_id FROM \(s).unverified_users WHERE registration = $1", [.bytes])
    openUnverifiedAccount = call(
      "open_unverified_account_1", [.bytes, .text, .text, .bigint, .bigint] + message + [.bigint])
    unverifiedAccount = PostgresStatement(
      "unverified_account", "SELECT registration, expires_at FROM \(s).unverified_users WHERE user_id = $1", [.bigint])
    vouchForEmail = call("vouch_for_email_1", .bigint)

    let takeBack: [PostgresType] = [.bytes, .text, .bigint, .bigint]
    addEmailChange = call(
      "add_email_change_1",
      [.bytes, .bigint, .text, .text, .bigint, .bigint, .bytes] + takeBack + message + [.bigint] + notice)
    challengeEmailChange = call("challenge_email_change_1", .bytes, .bigint, .bytes, .bytes, .bigint)
    tryEmailChange = call("try_email_change_1", .bytes, .bigint, .bytes, .bigint, .bigint)
    confirmEmailChange = call(
      "confirm_email_change_1",
      [.bytes, .bigint, .text, .bigint] + takeBack + [.bytesArray, .bytesArray, .bytesArray, .bytesArray] + notice + [.boolean])
    issueTakeBackToken = call("issue_take_back_token_1", .bytes, .bigint, .bytes)
    takeBackWithToken = PostgresStatement(
      "take_back_with_token",
      """
      SELECT t.id, t.user_id, t.email, t.created_at, t.expires_at, \(User.columns)
      FROM \(s).email_take_backs t JOIN \(s).users u ON u.id = t.user_id WHERE t.token = $1 AND t.expires_at > $2
      """, [.bytes, .bigint])
    takeBackEmail = call(
      "take_back_email_1",
      .bytes, .bigint, .text, .bigint, .text, .bytesArray, .bytesArray, .bigint, .bytesArray, .bytesArray, .bigintArray,
      .textArray, .bytesArray, .bigintArray, .bigintArray, .boolean)

    addRecoveryEmailRequest = call(
      "add_recovery_email_request_1", [.bytes, .bigint, .text, .bigint, .bigint, .bytes] + message + [.bigint])
    challengeRecoveryEmailRequest = call("challenge_recovery_email_request_1", .bytes, .bigint, .bytes, .bytes, .bigint)
    tryRecoveryEmailRequest = call("try_recovery_email_request_1", .bytes, .bigint, .bytes, .bigint, .bigint)
    confirmRecoveryEmail = call("confirm_recovery_email_1", [.bytes, .bigint, .text, .bigint] + notice + [.boolean])
    removeRecoveryEmail = call("remove_recovery_email_1", [.bigint, .bytes] + notice + [.boolean])
    recoveryEmail = PostgresStatement(
      "recovery_email", "SELECT email, verified_at FROM \(s).recovery_emails WHERE user_id = $1", [.bigint])

    countAttempt = call("count_attempt_1", attempt)
    countAttemptWithAlert = call(
      "count_attempt_2", attempt + [.bytes, .bytes, .bigint, .bigint, .bigint, .bytes] + notice)
    clearCounters = call("clear_counters_2", [.bytesArray, .bytesArray, .bigint] + notice)
    let counted = "\(s).attempt_counters c ON c.kind = k.kind AND c.key = k.key"
    counters = PostgresStatement(
      "counters",
      """
      SELECT c.count, c.last_at FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY k(kind, key, i) LEFT JOIN \(counted)
      ORDER BY k.i
      """, [.bytesArray, .bytesArray])
    // The counters, and in each row the user: one statement, so one moment. Without keys there is still a row.
    loginRead = PostgresStatement(
      "login_read",
      """
      SELECT \(User.columns), EXISTS (SELECT 1 FROM \(s).disabled_users d WHERE d.user_id = u.id),
        (SELECT w.expires_at FROM \(s).unverified_users w WHERE w.user_id = u.id), c.count, c.last_at
      FROM (SELECT 1) one LEFT JOIN unnest($2::bytea[], $3::bytea[]) WITH ORDINALITY k(kind, key, i) ON true
      LEFT JOIN \(s).users u ON lower(u.email) = lower($1 COLLATE "C") LEFT JOIN \(counted) ORDER BY k.i
      """, [.text, .bytesArray, .bytesArray])

    addMessage = call("add_message_1", message + [.bigint])
    claimMessage = call("claim_message_2", .bigint, .bigint, .bigint)
    postponeMessage = call("postpone_message_1", .bytes, .bigint)
    removeMessage = call("remove_message_2", .bytes)
    dueMessage = PostgresStatement(
      "due_message", "SELECT 1 FROM \(s).outbox WHERE due_at <= $1 ORDER BY due_at LIMIT 1", [.bigint])

    let selection: [PostgresType] = [.bytes, .bytes, .bigint, .text]
    waitingMessages = PostgresStatement(
      "waiting_messages",
      """
      SELECT o.id, o.kind, o.user_id, o.email, o.payload, o.created_at, o.due_at, o.tries FROM \(s).outbox o
      WHERE ($1 IS NULL OR o.id = $1) AND ($2 IS NULL OR o.kind = $2)
        AND ($3 IS NULL AND $4 IS NULL OR o.user_id = $3 OR lower(o.email) = lower($4 COLLATE "C"))
        AND ($5 IS NULL OR (o.created_at, o.id) > ($5, $6)) ORDER BY o.created_at, o.id LIMIT $7
      """, selection + [.bigint, .bytes, .bigint])
    backlogs = PostgresStatement("backlogs", "SELECT kind, count(*), min(created_at) FROM \(s).outbox GROUP BY kind")
    hastenMessages = call("hasten_messages_1", selection + [.bigint, .bigint])
    dropMessages = call("drop_messages_1", selection + [.bigint])

    disableUser = call("disable_user_2", [.bigint, .bigint, .bigint, .bigint] + notice)
    enableUser = call("enable_user_2", [.bigint] + notice)
    disabledAt = PostgresStatement("disabled_at", "SELECT disabled_at FROM \(s).disabled_users WHERE user_id = $1", [.bigint])

    createUser = call("create_user_1", [.text, .text] + message + [.bigint])
    importUsers = call("import_users_2", .textArray, .textArray, .bigintArray)
    eraseUser = call("erase_user_2", [.bigint, .bytesArray, .bytesArray] + notice)
    func accounts(_ name: String, _ relation: String) -> PostgresStatement {
      PostgresStatement(
        name,
        """
        SELECT \(User.columns), d.disabled_at, w.expires_at FROM \(s).users u
        LEFT JOIN \(s).disabled_users d ON d.user_id = u.id LEFT JOIN \(s).unverified_users w ON w.user_id = u.id
        WHERE lower(u.email) \(relation) lower($1 COLLATE "C") ORDER BY lower(u.email) LIMIT $2
        """, [.text, .bigint])
    }
    accountsFrom = accounts("accounts_from", ">=")
    accountsAfter = accounts("accounts_after", ">")
    messagesToUser = PostgresStatement(
      "messages_to_user",
      """
      SELECT o.id, o.kind, o.user_id, o.email, o.payload, o.created_at, o.due_at, o.tries FROM \(s).outbox o
      JOIN \(s).users u ON u.id = $1 AND (o.user_id = u.id OR lower(o.email) = lower(u.email)) ORDER BY o.created_at
      """, [.bigint])
    statistics = PostgresStatement(
      "statistics",
      """
      SELECT (SELECT count(*) FROM \(s).users), (SELECT count(*) FROM \(s).disabled_users),
        (SELECT count(*) FROM \(s).sessions WHERE expires_at > $1 AND last_used_at > $2), (SELECT count(*) FROM \(s).sessions),
        (SELECT count(*) FROM \(s).reset_tokens), (SELECT count(*) FROM \(s).outbox), (SELECT min(created_at) FROM \(s).outbox),
        (SELECT count(*) FROM \(s).attempt_counters)
      """, [.bigint, .bigint])
    purge = call("purge_2", .bigint, .bigint, .bigint, .bigint, .bytes, .bigint, .bigint)
    gauges = PostgresStatement(
      "gauges",
      """
      SELECT (SELECT count(*) FROM \(s).sessions WHERE expires_at > $1 AND last_used_at > $2), count(*), min(created_at)
      FROM \(s).outbox
      """, [.bigint, .bigint])

    keepAccountEvents = call("keep_account_events_1", .bigint)
    claimAccountEvent = call("claim_account_event_1", .bigint, .bigint)
    postponeAccountEvent = call("postpone_account_event_1", .text, .bigint)
    removeAccountEvent = call("remove_account_event_1", .text)
    dueAccountEvent = PostgresStatement(
      "due_account_event", "SELECT 1 FROM \(s).account_events WHERE due_at <= $1 ORDER BY due_at LIMIT 1", [.bigint])
    addEvents = call(
      "add_events_1",
      .bigintArray, .textArray, .bigintArray, .textArray, .textArray, .bytesArray, .bytesArray, .textArray, .bigint, .bigint,
      .bigint)
    newestEvent = PostgresStatement("newest_event", "SELECT coalesce(max(id), 0) FROM \(s).audit_events")
    events = PostgresStatement(
      "events",
      """
      SELECT id, at, kind, user_id, session_id, ip_address, user_agent, request_id FROM \(s).audit_events
      WHERE (user_id = $1 OR email_digest = $2) AND id > $3 AND id <= $4 ORDER BY id DESC
      """, [.bigint, .text, .bigint, .bigint])
    olderEvent = PostgresStatement("older_event", "SELECT 1 FROM \(s).audit_events WHERE id <= $1 ORDER BY id LIMIT 1", [.bigint])
    countEvents = PostgresStatement("count_events", "SELECT count(*) FROM \(s).audit_events")
  }
}
#endif
