internal import AuthCore

/// An account as a file has it, not yet checked.
struct ImportRow: Equatable {
  var email: String
  var hash: String
  var isDisabled = false
}

/// A row of a file, and the number of the line on which it begins.
struct NumberedRow {
  let line: Int
  let row: Result<ImportRow, BadRow>
}

/// Why a row of a file cannot be read. It repeats nothing of the row, which contains a hash.
struct BadRow: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// The names of the columns, which are those of the members in JSON.
enum ImportColumn: String, CaseIterable {
  case email, hash, disabled

  init?(name: String) {
    switch name {
    case "password_hash", "hashed_password": self = .hash
    default: self.init(rawValue: name)
    }
  }

  /// What is said about another name.
  static let names = "email, hash (or password_hash) and disabled"
}

/// The form of a file of accounts.
enum TransferFormat: String, CaseIterable {
  case csv, jsonl

  /// The form that the extension of a path says; nil for another.
  init?(path: String) {
    switch path.split(separator: ".").last?.lowercased() {
    case "csv": self = .csv
    case "jsonl", "ndjson": self = .jsonl
    default: return nil
    }
  }
}
