import AuthTesting
import Synchronization

@testable import AuthCore

/// The outcome of a delivery, without its error.
enum Delivered: Equatable {
  case nothingDue, delivered, unknownUser, failed, givenUp, undeliverable
}

extension Auth {
  func deliver(through delivery: some MessageDelivery) async throws -> Delivered {
    switch try await deliverNextMessage(through: delivery) {
    case .nothingDue: .nothingDue
    case .delivered: .delivered
    case .unknownUser: .unknownUser
    case .failed: .failed
    case .givenUp: .givenUp
    case .undeliverable: .undeliverable
    }
  }
}

extension AuthMessage {
  /// The token of a password reset; for other messages one that was never issued.
  var token: ResetToken { if case .passwordReset(let token, _) = content { token } else { ResetToken("") } }

  /// The end of a reset token; nil for other messages.
  var expiresAt: Timestamp? { if case .passwordReset(_, let expiresAt) = content { expiresAt } else { nil } }
}

/// A delivery that runs a function in place of delivering.
struct MeddlingDelivery: MessageDelivery {
  let meddle: @Sendable () async throws -> Void

  func deliver(_ message: AuthMessage) async throws { try await meddle() }
}

extension AuthFixture {
  /// The entire contents of the store as text.
  var everythingStored: String {
    store.tables.withLock { tables in
      var text = ""
      dump(tables, to: &text)
      return text
    }
  }
}
