internal import AuthCore
internal import Logging

/// For development: writes each message to the log, where anyone who reads a reset token can take over the account.
struct LogDelivery: MessageDelivery {
  static let level = Logger.Level.warning

  let logger: Logger
  let linkBase: LinkBase?

  func deliver(_ message: AuthMessage) async throws {
    let json = String(decoding: message.json(linkBase: linkBase), as: UTF8.self)
    logger.log(level: Self.level, "for development only, a message: \(json)")
  }
}
