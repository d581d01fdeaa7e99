internal import AuthCore
internal import Logging

/// For development: writes each message to the log, where whoever reads it can take the account.
struct LogDelivery: ResetDelivery {
  let logger: Logger
  let linkBase: SecureURL?

  func deliver(_ message: ResetMessage) async throws {
    let json = String(decoding: message.json(linkBase: linkBase), as: UTF8.self)
    logger.warning("for development only, a reset message: \(json)")
  }
}
