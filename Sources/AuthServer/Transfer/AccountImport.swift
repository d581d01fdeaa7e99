internal import AuthCore

/// An import while it runs: what it has done so far, and the rows that wait to be saved together.
struct AccountImport {
  /// How many accounts are saved in one transaction: it takes a few milliseconds, during which a running server's writes wait.
  private static let batchSize = 200

  let administration: Administration
  let isRehearsal: Bool
  private(set) var added = 0
  private(set) var existing = 0
  private(set) var bad = 0
  private var waiting: [(line: Int, account: Account.Import)] = []
  private var progress = Progress()

  init(_ administration: Administration, isRehearsal: Bool) {
    self.administration = administration
    self.isRehearsal = isRehearsal
  }

  /// Imports all rows. What is wrong with one goes to standard error, with the number of its line.
  mutating func run(_ reader: consuming ImportReader) async throws {
    var reader = reader
    while let row = try reader.next() {
      do {
        let row = (row.line, try row.row.get())
        let account = try administration.auth.checkImport(
          email: row.1.email, hash: row.1.hash, isDisabled: row.1.isDisabled)
        waiting.append((row.0, account))
      } catch {
        report("\(error)", line: row.line)
      }
      if waiting.count == Self.batchSize { try await save() }
    }
    try await save()
    progress.end()
  }

  private mutating func save() async throws {
    guard !waiting.isEmpty else { return }
    let start = ContinuousClock.now
    let accounts = waiting.map(\.account)
    let outcomes =
      try await isRehearsal
      ? administration.auth.rehearseImport(accounts)
      : administration.auth.importUsers(accounts, from: administration.client)
    for (row, outcome) in zip(waiting, outcomes) {
      switch outcome {
      case .added: added += 1
      case .exists: existing += 1
      case .differs: report("an account with this email has another hash; it was left as it is", line: row.line)
      }
    }
    waiting.removeAll()
    progress.show("\(added + existing + bad) rows: \(added) added, \(existing) already there, \(bad) bad")
    // As long as the batch took, so that the writes of a running server get their turns.
    if !isRehearsal { try await Task.sleep(for: ContinuousClock.now - start) }
  }

  private mutating func report(_ problem: String, line: Int) {
    bad += 1
    progress.end()
    Progress.note("line \(line): \(problem)")
  }
}
