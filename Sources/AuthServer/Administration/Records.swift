internal import AuthCore
internal import AuthHTTP

// What commands show of accounts, sessions, messages and events.

extension Account {
  var record: OutputRecord {
    var record = OutputRecord()
    record.add("id", id)
    record.add("email", email.text)
    record.add("state", state.rawValue)
    record.add("disabled_at", disabledAt)
    record.add("unverified_until", unverifiedUntil)
    record.add("has_password", .flag(hasPassword))
    record.add("failed_logins", failedLogins.count)
    record.add("last_failed_at", failedLogins.count > 0 ? failedLogins.lastAt : nil)
    record.add("locked_for_seconds", delay.map { .number($0.wholeSecondsRoundedUp) } ?? .null)
    return record
  }

  /// A line of a list. The email comes last, because it may contain spaces.
  var line: String {
    let columns = ["\(id)", state.rawValue].map { $0 + String(repeating: " ", count: max(1, 10 - $0.count)) }
    return columns.joined() + email.text.escapingUnprintable
  }
}

extension Session {
  var record: OutputRecord {
    var record = OutputRecord()
    // A digest, which cannot be used to log in.
    record.add("id", id.hex)
    record.add("created_at", createdAt)
    record.add("last_used_at", lastUsedAt)
    record.add("expires_at", expiresAt)
    record.add("authenticated_at", authenticatedAt)
    record.add("methods", .list(methods.map { .text($0.rawValue) }))
    record.add("ip_address", ipAddress)
    record.add("user_agent", userAgent)
    return record
  }

  var line: String {
    "\(createdAt.rfc3339)  last used \(lastUsedAt.rfc3339)  \(ipAddress ?? "-")  \(userAgent ?? "-")".escapingUnprintable
  }
}

extension OutboxMessage {
  var record: OutputRecord {
    var record = OutputRecord()
    record.add("id", id)
    record.add("type", kind.rawValue)
    record.add("created_at", createdAt)
    record.add("tries", tries)
    return record
  }
}

extension OutboxMessage.Waiting {
  var record: OutputRecord {
    var record = message.record
    record.add("due_at", dueAt)
    record.add("user", message.userID.map(JSONValue.number) ?? .null)
    record.add("email", message.email.text)
    return record
  }

  /// A line of a list. The email comes last, because it may contain spaces.
  var line: String {
    let details = [
      message.createdAt.rfc3339, "due \(dueAt.rfc3339)", "tries \(message.tries)", message.kind.rawValue, message.id,
      message.userID.map { "user=\($0)" }, message.email.text,
    ]
    return details.compactMap(\.self).joined(separator: "  ").escapingUnprintable
  }
}

extension RecordedEvent {
  var record: OutputRecord {
    var record = OutputRecord()
    record.add("at", at)
    record.add("event", kind)
    record.add("user", userID.map(JSONValue.number) ?? .null)
    record.add("session", sessionID)
    record.add("ip_address", ipAddress)
    record.add("user_agent", userAgent)
    record.add("request", requestID)
    return record
  }

  var line: String {
    let details = [
      userID.map { "user=\($0)" }, ipAddress.map { "ip=\($0)" }, requestID.map { "request=\($0)" },
      userAgent.map { "agent=\($0)" },
    ]
    return ([at.rfc3339, kind] + details.compactMap(\.self)).joined(separator: "  ").escapingUnprintable
  }
}
