/// Where the database is, as `--database` names it.
enum StoreLocation: SettingValue, CustomStringConvertible {
  case file(String)
  /// A database that ends with the process.
  case memory

  /// Refuses URLs, because SQLite would create files with such names. The error does not repeat the URL, which may contain a
  /// password.
  init(setting text: String) throws(InvalidValue) {
    if let scheme = text.prefixMatch(of: /([A-Za-z][A-Za-z0-9+.\-]*):\/\//)?.1 {
      throw InvalidValue(
        reason: "must be the path of an SQLite file, or ':memory:'; URLs such as \(scheme)://… are not supported")
    }
    self = text == ":memory:" ? .memory : .file(text)
  }

  var description: String {
    switch self {
    case .file(let path): path
    case .memory: ":memory:"
    }
  }
}
