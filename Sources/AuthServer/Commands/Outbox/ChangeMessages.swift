internal import ArgumentParser
internal import AuthCore

/// `AuthServer outbox retry`.
struct RetryMessages: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Let the server try messages at once that it would try later.",
    discussion: """
      Use it when what brings messages to their recipients works again. Prints how many are tried sooner; those that are due already \
      do not count. One that is being delivered just now may arrive twice, with the same id.
      """,
    helpNames: [.short, .long])

  @OptionGroup var arguments: MessageArguments

  func run() async throws {
    try await Administration.run(arguments.settings, as: "outbox retry") { administration in
      let messages = try await administration.messages(arguments)
      var record = OutputRecord()
      record.add("retried_messages", try await administration.auth.retryMessages(messages.selection))
      record.print(asJSON: arguments.output.json)
    }
  }
}

/// `AuthServer outbox drop`.
struct DropMessages: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop",
    abstract: "Delete messages that wait, so that they are never delivered.",
    discussion: """
      Asks before it deletes. What the messages are about stays as it is: a password that was changed is changed. The audit log gets \
      an event for each. One that is being delivered just now may arrive nevertheless.
      """,
    helpNames: [.short, .long])

  @Flag(help: "Do not ask.") var yes = false
  @OptionGroup var arguments: MessageArguments

  func run() async throws {
    try await Administration.run(arguments.settings, as: "outbox drop") { administration in
      let messages = try await administration.messages(arguments)
      // Where nothing waits there is nothing to ask.
      guard try yes || messages.count == 0 || Terminal.confirms("Drop \(messages.text)") else {
        throw CommandFailure("nothing was dropped")
      }
      let dropped = try await administration.auth.dropMessages(messages.selection, from: administration.client)
      var record = OutputRecord()
      record.add("dropped_messages", dropped)
      record.print(asJSON: arguments.output.json)
    }
  }
}
