internal import ArgumentParser
internal import AuthCore

/// `AuthServer export`.
struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Export all accounts with their password hashes.",
    usage: "AuthServer export <file> [<options>]",
    discussion: """
      What 'AuthServer import' takes. The file appears when it is complete, readable by its owner only. Keep it secret: passwords can \
      be guessed from hashes.
      """,
    helpNames: [.short, .long])

  private static let pageSize = 500

  @Argument(help: "The file; - for standard output.") var file: String
  @Option(help: ArgumentHelp("The form of the file, where its name does not end with .csv or .jsonl.", valueName: "csv|jsonl"))
  var format: TransferFormat?
  @OptionGroup(title: "Service") var settings: AdministrationSettings

  func run() async throws {
    let format = try TransferFormat.chosen(format, for: file)
    try await Administration.run(settings, as: "export") { administration in
      var output = try ExportFile(path: file)
      do {
        try await Self.export(administration.auth, as: format, to: &output)
        try output.finish()
      } catch {
        output.discard()
        throw error
      }
    }
  }

  private static func export(_ auth: Auth, as format: TransferFormat, to output: inout ExportFile) async throws {
    if format == .csv { try output.write("email,hash,disabled\r\n") }
    var (last, count, progress) = (Email?.none, 0, Progress())
    repeat {
      let page = try await auth.exportUsers(after: last, limit: pageSize)
      for account in page { try output.write(account.row(as: format)) }
      count += page.count
      progress.show("\(count) accounts")
      last = page.count == pageSize ? page.last?.email : nil
    } while last != nil
    progress.end()
  }
}

extension Account.Import {
  fileprivate func row(as format: TransferFormat) -> String {
    switch format {
    case .csv: return "\(Self.quoted(email.text)),\(Self.quoted(hash.text)),\(disabledAt != nil)\r\n"
    case .jsonl:
      var record = OutputRecord()
      record.add("email", email.text)
      record.add("hash", hash.text)
      record.add("disabled", .flag(disabledAt != nil))
      return record.json + "\n"
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return text }
    // Not by characters: one is a quotation mark together with an accent after it.
    return "\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
