import AuthCore
import Synchronization

/// What was delivered.
final class Mailbox: MessageDelivery {
  private let messages = Mutex<[AuthMessage]>([])

  func deliver(_ message: AuthMessage) async throws {
    messages.withLock { $0.append(message) }
  }

  /// Delivers what is due, and returns it.
  func take(from auth: Auth) async throws -> [AuthMessage.Content] { try await takeMessages(from: auth).map(\.content) }

  func takeMessages(from auth: Auth) async throws -> [AuthMessage] {
    while case .delivered = try await auth.deliverNextMessage(through: self) {}
    return messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
