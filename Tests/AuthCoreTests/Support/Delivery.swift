import AuthTesting
import Synchronization

@testable import AuthCore

/// What became of a request, without the error.
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

/// Does something while it delivers.
struct MeddlingDelivery: ResetDelivery {
  let meddle: @Sendable () async throws -> Void

  func deliver(_ message: ResetMessage) async throws { try await meddle() }
}

extension AuthFixture {
  /// All that the store keeps, as text.
  var everythingStored: String {
    store.tables.withLock { tables in
      var text = ""
      dump(tables, to: &text)
      return text
    }
  }
}
