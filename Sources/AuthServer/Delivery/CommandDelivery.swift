internal import AuthCore

/// Runs a program for each message and passes it the message on standard input, as a line of JSON.
///
/// A message is delivered when the program exits with status 0 within the time limit. The program has no arguments. Token and
/// email are neither in its arguments nor in its environment, which other users of the machine can see.
struct CommandDelivery: MessageDelivery {
  let linkBase: LinkBase?
  private let command: DeliveryProgram

  /// An absolute path.
  var program: String { command.path }

  init(program: String, linkBase: LinkBase?, limits: DeliveryProgram.Limits = DeliveryProgram.Limits()) {
    self.linkBase = linkBase
    command = DeliveryProgram(path: program, limits: limits)
  }

  func deliver(_ message: AuthMessage) async throws {
    let line = message.json(linkBase: linkBase) + [UInt8(ascii: "\n")]
    if let failure = try await command.run(with: line, about: message).failure { throw DeliveryFailure(description: failure) }
  }
}
