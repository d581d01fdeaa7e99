internal import AuthCore

/// A file that holds service keys, one on each line: the new one beside the old one while back ends change over.
enum ServiceKeyFile {
  /// Why a file cannot be used, in words that follow its name and show nothing of the file.
  static let rule = """
    must have keys of at least \(ServiceKey.minimumLength) ASCII characters without spaces, each on a line of its own
    """

  /// Nil for other contents, such as an empty line.
  static func keys(in contents: [UInt8]) -> [ServiceKey]? {
    let lines = contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let keys = lines.map { line in
      ServiceKey(String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self))
    }
    return keys.contains { $0 == nil } ? nil : keys.compactMap(\.self)
  }
}
