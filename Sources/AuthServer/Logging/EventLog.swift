internal import AuthCore
internal import Logging

/// Writes security events to the log: the name is the text of the line, the rest its metadata.
struct EventLog: AuthEventSink {
  let logger: Logger

  func record(_ event: AuthEvent) {
    var metadata: Logger.Metadata = [:]
    metadata["user"] = event.userID.map { "\($0)" }
    metadata["client"] = event.client.ipAddress.map { "\($0)" }
    // The key that other lines about the request use.
    metadata["hb.request.id"] = event.client.requestID.map { "\($0)" }
    logger.log(level: event.kind.isRefusal ? .notice : .info, "\(event.kind.rawValue)", metadata: metadata)
  }
}

extension AuthEvent.Kind {
  /// Whether the client was refused what it asked for.
  fileprivate var isRefusal: Bool {
    switch self {
    case .loginFailed, .loginDisabled, .loginLocked, .throttled, .passwordCheckFailed, .resetRefused, .verificationRefused,
      .emailChangeRefused, .takeBackRefused, .recoveryEmailRefused:
      true
    case .loginSucceeded, .passwordChanged, .resetRequested, .resetTokenIssued, .resetUsed, .sessionCreated, .sessionRenewed,
      .sessionEnded, .sessionExpired, .registrationRequested, .emailVerified, .emailVouchedFor, .emailChangeRequested,
      .emailChanged, .emailTakenBack, .recoveryEmailRequested, .recoveryEmailChanged, .recoveryEmailRemoved, .userCreated,
      .userImported, .usersImported, .userUnlocked, .userDisabled, .userEnabled, .userDeleted, .userExpired, .messageGivenUp,
      .messageUndeliverable, .messageDropped:
      false
    }
  }
}
