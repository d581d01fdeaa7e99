internal import ArgumentParser
internal import AuthCore

/// `AuthServer user create`.
struct CreateUser: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Create an account without a password, and send its owner a message to set one.",
    discussion: "The server delivers the message, at once or when it runs next.",
    helpNames: [.short, .long])

  @Argument(help: "The email of the account.") var email: String
  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: AdministrationSettings
  @OptionGroup(title: "Delivery of messages") var delivery: DeliverySetting

  func run() async throws {
    try delivery.require(under: settings)
    try await Administration.run(settings, as: "user create") { administration in
      let user = try await administration.auth.createUser(email: email, from: administration.client)
      try await administration.account("\(user.id)").record.print(asJSON: output.json)
    }
  }
}

/// `AuthServer user send-reset`.
struct SendReset: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send-reset",
    abstract: "Send the owner of an account a message to set a new password.",
    discussion: "The server delivers the message, at once or when it runs next. Until then the password stays.",
    helpNames: [.short, .long])

  @OptionGroup var arguments: UserArguments
  @OptionGroup(title: "Delivery of messages") var delivery: DeliverySetting

  func run() async throws {
    try delivery.require(under: arguments.settings)
    try await arguments.change("send-reset") { administration, account in
      do {
        try await administration.auth.sendPasswordReset(to: account.id, from: administration.client)
      } catch AuthError.emailNotVerified {
        throw CommandFailure(
          """
          the email of user \(account.id) is not verified, so no message to it can reset the password; make sure that the owner \
          reads the email, then run 'AuthServer user vouch \(account.id)'
          """)
      }
    }
  }
}

/// How the server delivers what a command queues.
struct DeliverySetting: SettingGroup {
  @Option(DeliverySettings.Method.self) var method: Given<DeliverySettings.Method>

  /// - Throws: ``CommandFailure``, when no server would deliver a message.
  func require(under settings: AdministrationSettings) throws {
    let (chosen, policy) = try SettingReader.read(settings.config) { reader in
      (reader.valueIfAny(of: method), reader.value(of: settings.policy))
    }
    // Under strict no server starts without a delivery.
    guard chosen == .answer || chosen == nil && policy == .classic else { return }
    let (delivery, rules) = (DeliverySettings.Method.self, ServiceSettings.Policy.self)
    throw CommandFailure(
      """
      no message would be delivered: under \(rules.option) classic with \(delivery.option) answer, clients are given reset tokens \
      instead; let the server deliver messages, and give this command its \(rules.option) and \(delivery.option), or set \
      \(rules.variable) and \(delivery.variable)
      """)
  }
}
