internal import ArgumentParser
internal import AuthCore

/// `AuthServer outbox`: the messages that wait to be delivered.
struct OutboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outbox",
    abstract: "Look after the messages that wait to be delivered, while the server runs or not.",
    discussion: """
      --database is that of the server, which delivers them. Messages hold no password and no token: a token is made when its \
      message is delivered.
      """,
    subcommands: [ListMessages.self, RetryMessages.self, DropMessages.self],
    helpNames: [.short, .long])
}

/// Which messages a command changes.
struct MessageArguments: ParsableArguments {
  @Argument(help: "The id of a message.") var id: String?
  @Option(help: "All messages of this kind.") var kind: String?
  @Flag(help: "All messages.") var all = false
  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Service") var settings: AdministrationSettings

  func validate() throws {
    guard [id != nil, kind != nil, all].count(where: \.self) == 1 else {
      throw ValidationError("name one message by its id, or give --kind or --all")
    }
  }
}

/// The messages that an operator named.
struct NamedMessages {
  let selection: OutboxMessage.Selection
  /// How many there are just now.
  let count: Int
  /// What they are, for a question.
  let text: String
}

extension Administration {
  /// - Throws: ``CommandFailure``, when there is no message with the id, or the kind is not known.
  func messages(_ arguments: MessageArguments) async throws -> NamedMessages {
    if let id = arguments.id {
      let selection = OutboxMessage.Selection(id: id)
      for try await waiting in auth.waitingMessages(selection) {
        return NamedMessages(
          selection: selection, count: 1, text: "message \(id), of the kind \(waiting.message.kind.rawValue)".escapingUnprintable)
      }
      throw CommandFailure("no message with the id \(id.escapingUnprintable) waits; it may have been delivered")
    }
    let backlogs = try await auth.messageBacklogs()
    guard let name = arguments.kind else {
      let count = backlogs.values.map(\.count).reduce(0, +)
      return NamedMessages(selection: .init(), count: count, text: "all \(count) messages that wait")
    }
    let kind = try kind(name, among: backlogs)
    let count = backlogs[kind]?.count ?? 0
    return NamedMessages(
      selection: .init(kind: kind), count: count, text: "\(count) messages of the kind \(name)".escapingUnprintable)
  }

  /// The kind of messages that an operator names: one of this release or, from a newer one, of a message that waits.
  ///
  /// - Throws: ``CommandFailure``, because an operator who mistyped it would take the answer for the state of the outbox.
  func kind(
    _ name: String, among backlogs: [OutboxMessage.Kind: OutboxMessage.Backlog]
  ) throws(CommandFailure) -> OutboxMessage.Kind {
    let kind = OutboxMessage.Kind(rawValue: name)
    guard OutboxMessage.Kind.known.contains(kind) || backlogs[kind] != nil else {
      let known = OutboxMessage.Kind.known.map(\.rawValue).sorted().joined(separator: ", ")
      throw CommandFailure("there is no kind of messages \(name.escapingUnprintable); the kinds are \(known)")
    }
    return kind
  }

  /// The recipient whom an operator names by id or email. They need have no account: a message goes before a registration is
  /// complete, and after an account is deleted.
  func recipient(_ name: String) async throws -> OutboxMessage.Recipient {
    let account = if let id = User.ID(name) { try await auth.account(id) } else { try await auth.account(email: name) }
    if let account { return .init(userID: account.id, email: account.email) }
    if let id = User.ID(name) { return .init(userID: id, email: nil) }
    do { return .init(userID: nil, email: try Email(name)) } catch {
      throw CommandFailure("\(name.escapingUnprintable) is neither an id nor an email: \(error)")
    }
  }
}
