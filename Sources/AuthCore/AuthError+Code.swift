extension AuthError {
  /// The stable name of the error, for programs: `email_taken`. ``description`` is for people, and its words may change.
  public var code: String { name.rawValue }

  /// Every ``code``.
  package enum Code: String, Sendable, CaseIterable {
    case registrationClosed = "registration_closed"
    case emailTaken = "email_taken"
    case unknownUser = "unknown_user"
    case unknownUserID = "unknown_user_id"
    case invalidResetToken = "invalid_reset_token"
    case invalidVerification = "invalid_verification"
    case emailUnchanged = "email_unchanged"
    case noRecoveryEmail = "no_recovery_email"
    case invalidTakeBack = "invalid_take_back"
    case verificationRequired = "verification_required"
    case emailNotVerified = "unverified_email"
    case loginRequired = "login_required"
    case wrongPassword = "wrong_password"
    case recentLoginRequired = "recent_login_required"
    case throttled
    case overloaded
    case unavailable
    case conflict
    case cancelled
    case emailEmpty = "email_empty"
    case emailTooLong = "email_too_long"
    case emailControlCharacter = "email_control_character"
    case emailAtSigns = "email_at_signs"
    case emailSpace = "email_space"
    case emailLocalPartEmpty = "email_local_part_empty"
    case emailLocalPartNotASCII = "email_local_part_not_ascii"
    case emailLocalPartInvalid = "email_local_part_invalid"
    case emailLocalPartTooLong = "email_local_part_too_long"
    case emailDomainEmpty = "email_domain_empty"
    case emailDomainNotASCII = "email_domain_not_ascii"
    case emailDomainInvalid = "email_domain_invalid"
    case passwordEmpty = "password_empty"
    case passwordTooLong = "password_too_long"
    case passwordTooShort = "password_too_short"
    case passwordIsEmail = "password_is_email"
    case passwordCommon = "password_common"
    case passwordContextual = "password_contextual"
    case passwordBreached = "password_breached"
    case hashUnsupported = "hash_unsupported"
    case hashMalformed = "hash_malformed"
    case hashTooExpensive = "hash_too_expensive"
  }

  private var name: Code {
    switch self {
    case .registrationClosed: .registrationClosed
    case .userExists: .emailTaken
    case .invalidEmail(let problem): problem.name
    case .invalidPassword(let problem): problem.name
    case .unacceptableHash(let problem): problem.name
    case .unknownUser: .unknownUser
    case .unknownUserID: .unknownUserID
    case .invalidResetToken: .invalidResetToken
    case .invalidVerification: .invalidVerification
    case .emailUnchanged: .emailUnchanged
    case .noRecoveryEmail: .noRecoveryEmail
    case .invalidTakeBack: .invalidTakeBack
    case .verificationRequired: .verificationRequired
    case .emailNotVerified: .emailNotVerified
    case .invalidSession: .loginRequired
    case .wrongPassword: .wrongPassword
    case .reauthenticationRequired: .recentLoginRequired
    case .throttled: .throttled
    case .overloaded: .overloaded
    case .unavailable: .unavailable
    case .conflict: .conflict
    case .cancelled: .cancelled
    }
  }

  /// The numbers in ``description`` by name: of a password that is too short `characters` and `minimum`. Delays are whole
  /// seconds.
  public var numbers: [String: Int] {
    switch self {
    case .invalidEmail(let problem): problem.numbers
    case .invalidPassword(let problem): problem.numbers
    case .unacceptableHash(.tooExpensive(let cost, let maximum)): ["cost": cost, "limit": maximum]
    case .throttled(let delay), .overloaded(let delay): ["retry_after": Int(delay.wholeSecondsRoundedUp)]
    default: [:]
    }
  }

  /// The error with this code and these numbers, for the client of a server that responded with them; nil for a code that is not
  /// that of an error which a client can get.
  ///
  /// - Parameter email: what the client had sent.
  package init?(code: String, numbers: [String: Int], message: String, email: String) {
    guard let name = Code(rawValue: code) else { return nil }
    let delay = Duration.seconds(numbers["retry_after"] ?? 1)
    switch name {
    case .registrationClosed: self = .registrationClosed
    case .emailTaken: self = .userExists(email: email)
    case .unknownUser: self = .unknownUser
    case .invalidResetToken: self = .invalidResetToken
    case .invalidVerification: self = .invalidVerification
    case .emailUnchanged: self = .emailUnchanged
    case .noRecoveryEmail: self = .noRecoveryEmail
    case .invalidTakeBack: self = .invalidTakeBack
    case .verificationRequired: self = .verificationRequired
    case .emailNotVerified: self = .emailNotVerified
    case .loginRequired: self = .invalidSession
    case .wrongPassword: self = .wrongPassword
    case .recentLoginRequired: self = .reauthenticationRequired
    case .throttled: self = .throttled(retryAfter: delay)
    case .overloaded: self = .overloaded(retryAfter: delay)
    case .unavailable: self = .unavailable(message)
    case .conflict: self = .conflict
    case .cancelled: self = .cancelled
    default:
      if let problem = EmailProblem(name, numbers: numbers) {
        self = .invalidEmail(problem)
      } else if let problem = PasswordProblem(name, numbers: numbers) {
        self = .invalidPassword(problem)
      } else {
        return nil
      }
    }
  }
}

extension EmailProblem {
  fileprivate var name: AuthError.Code {
    switch self {
    case .empty: .emailEmpty
    case .tooLong: .emailTooLong
    case .controlCharacter: .emailControlCharacter
    case .atSigns: .emailAtSigns
    case .space: .emailSpace
    case .emptyLocalPart: .emailLocalPartEmpty
    case .nonASCIILocalPart: .emailLocalPartNotASCII
    case .invalidLocalPart: .emailLocalPartInvalid
    case .localPartTooLong: .emailLocalPartTooLong
    case .emptyDomain: .emailDomainEmpty
    case .nonASCIIDomain: .emailDomainNotASCII
    case .invalidDomain: .emailDomainInvalid
    }
  }

  fileprivate var numbers: [String: Int] {
    switch self {
    case .tooLong(let bytes): ["bytes": bytes, "limit": Email.maximumBytes]
    case .atSigns(let count): ["count": count]
    case .localPartTooLong(let bytes): ["bytes": bytes, "limit": EmailRule.maximumLocalPartBytes]
    default: [:]
    }
  }

  fileprivate init?(_ name: AuthError.Code, numbers: [String: Int]) {
    let all: [EmailProblem] = [
      .empty, .tooLong(bytes: numbers["bytes"] ?? 0), .controlCharacter, .atSigns(count: numbers["count"] ?? 0), .space,
      .emptyLocalPart, .nonASCIILocalPart, .invalidLocalPart, .localPartTooLong(bytes: numbers["bytes"] ?? 0), .emptyDomain,
      .nonASCIIDomain, .invalidDomain,
    ]
    guard let problem = all.first(where: { $0.name == name }) else { return nil }
    self = problem
  }
}

extension PasswordProblem {
  fileprivate var name: AuthError.Code {
    switch self {
    case .empty: .passwordEmpty
    case .tooLong: .passwordTooLong
    case .tooShort: .passwordTooShort
    case .sameAsEmail: .passwordIsEmail
    case .common: .passwordCommon
    case .contextual: .passwordContextual
    case .breached: .passwordBreached
    }
  }

  fileprivate var numbers: [String: Int] {
    switch self {
    case .tooLong(let bytes): ["bytes": bytes, "limit": Password.maximumBytes]
    case .tooShort(let scalars, let minimum): ["characters": scalars, "minimum": minimum]
    default: [:]
    }
  }

  fileprivate init?(_ name: AuthError.Code, numbers: [String: Int]) {
    let all: [PasswordProblem] = [
      .empty, .tooLong(bytes: numbers["bytes"] ?? 0),
      .tooShort(scalars: numbers["characters"] ?? 0, minimum: numbers["minimum"] ?? 0), .sameAsEmail, .common, .contextual,
      .breached,
    ]
    guard let problem = all.first(where: { $0.name == name }) else { return nil }
    self = problem
  }
}

extension PasswordHashProblem {
  fileprivate var name: AuthError.Code {
    switch self {
    case .unsupported: .hashUnsupported
    case .malformed, .containsNUL: .hashMalformed
    case .tooExpensive: .hashTooExpensive
    }
  }
}
