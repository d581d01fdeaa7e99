import AuthTesting
import Synchronization

@testable import AuthCore

/// The outcome of a delivery, without its error.
enum Delivered: Equatable {
  case nothingDue, delivered, unknownUser, failed, givenUp
}

extension Auth {
  func deliver(through delivery: some ResetDelivery) async throws -> Delivered {
    switch try await deliverNextReset(through: delivery) {
    case .nothingDue: .nothingDue
    case .delivered: .delivered
    case .unknownUser: .unknownUser
    case .failed: .failed
    case .givenUp: .givenUp
    }
  }
}

/// A delivery that runs a function in place of delivering.
struct MeddlingDelivery: ResetDelivery {
  let meddle: @Sendable () async throws -> Void

  func deliver(_ message: ResetMessage) async throws { try await meddle() }
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
