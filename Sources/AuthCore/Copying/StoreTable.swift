/// A table as a copy from one kind of database to another sees it: its columns, except those derived from others.
package enum StoreTable: String, CaseIterable, Sendable {
  // In the order in which they are filled, because of what refers to what.
  case users, sessions
  case resetTokens = "reset_tokens"
  case disabledUsers = "disabled_users"
  case attemptCounters = "attempt_counters"
  case knownClients = "known_clients"
  case outbox, registrations
  case verifiedEmails = "verified_emails"
  case unverifiedUsers = "unverified_users"
  case emailChanges = "email_changes"
  case emailTakeBacks = "email_take_backs"
  case auditEvents = "audit_events"
  case accountEvents = "account_events"
  case recoveryEmailRequests = "recovery_email_requests"
  // After the outbox: once a user has one, the database copies what is queued for them.
  case recoveryEmails = "recovery_emails"
  // Last: from then on, the database notes what becomes of accounts.
  case accountEventLease = "account_event_lease"

  package struct Column: Sendable {
    package let name: String
    package let kind: Kind
  }

  package enum Kind: Sendable {
    case integer
    /// Text without U+0000.
    case text
    /// Text with any character.
    case anyText
    /// A SHA-256 digest, 64 hexadecimal digits in lower case, or none.
    case digest
  }

  package var columns: [Column] {
    switch self {
    case .users:
      integers("id") + texts("email", "hashed_password", "session_id", "reset_token")
    case .sessions:
      [Column(name: "id", kind: .digest)]
        + integers("user_id", "number", "created_at", "last_used_at", "expires_at", "authenticated_at")
        + texts("methods", "ip_address") + anyTexts("user_agent")
    case .resetTokens:
      [Column(name: "id", kind: .digest)] + integers("user_id", "created_at", "expires_at")
    case .disabledUsers:
      integers("user_id", "disabled_at")
    case .attemptCounters:
      anyTexts("kind", "key") + integers("count", "last_at")
    case .knownClients:
      integers("user_id") + [Column(name: "digest", kind: .digest)] + integers("last_seen")
    case .outbox:
      anyTexts("id", "kind") + integers("user_id") + texts("email") + anyTexts("payload")
        + integers("created_at", "due_at", "tries")
    case .registrations:
      [Column(name: "id", kind: .digest)] + texts("email", "hashed_password") + integers("created_at", "expires_at")
        + [Column(name: "token", kind: .digest), Column(name: "code", kind: .digest)] + integers("code_expires_at", "tries")
    case .verifiedEmails:
      integers("user_id") + texts("email") + integers("verified_at")
    case .unverifiedUsers:
      integers("user_id") + [Column(name: "registration", kind: .digest)] + integers("expires_at")
    case .emailChanges:
      [Column(name: "id", kind: .digest)] + integers("user_id") + texts("former_email", "email")
        + integers("created_at", "expires_at")
        + [Column(name: "token", kind: .digest), Column(name: "code", kind: .digest)] + integers("code_expires_at", "tries")
    case .emailTakeBacks:
      [Column(name: "id", kind: .digest)] + integers("user_id") + texts("email") + integers("created_at", "expires_at")
        + [Column(name: "token", kind: .digest)] + integers("step")
    case .recoveryEmailRequests:
      [Column(name: "id", kind: .digest)] + integers("user_id") + texts("email") + integers("created_at", "expires_at")
        + [Column(name: "token", kind: .digest), Column(name: "code", kind: .digest)] + integers("code_expires_at", "tries")
    case .recoveryEmails:
      integers("user_id") + texts("email") + integers("verified_at")
    case .auditEvents:
      integers("id", "at") + texts("kind") + integers("user_id") + texts("session_id", "ip_address")
        + anyTexts("user_agent", "request_id") + texts("email_digest")
    case .accountEvents:
      integers("number") + texts("id", "kind") + integers("user_id") + texts("email") + integers("at", "due_at", "tries")
    case .accountEventLease:
      integers("kept_until")
    }
  }

  private func integers(_ names: String...) -> [Column] { names.map { Column(name: $0, kind: .integer) } }
  private func texts(_ names: String...) -> [Column] { names.map { Column(name: $0, kind: .text) } }
  private func anyTexts(_ names: String...) -> [Column] { names.map { Column(name: $0, kind: .anyText) } }
}

/// A value of a column.
package enum StoreValue: Sendable, Equatable {
  case null
  case integer(Int64)
  case text(String)
}
