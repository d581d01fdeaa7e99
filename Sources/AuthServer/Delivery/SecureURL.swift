internal import FoundationEssentials

/// An absolute URL to which a reset token may be sent: `https`, or `http` to this machine only.
struct SecureURL: SettingValue {
  /// As the help and errors say it.
  static let rule = "https, or http to this machine alone; without user and fragment"
  /// The limit in bytes.
  static let maximumBytes = 1024

  let text: String
  let host: String

  /// Refuses any other URL, without repeating it, because it may contain a password. It also refuses
  ///
  /// - a user name or password: it would be sent to the receiver, and shown in messages;
  /// - a fragment: it is never sent, and a link adds its own;
  /// - what RFC 3986 allows only percent-encoded, such as spaces, `\` and characters outside ASCII, and a host with `%`: readers
  ///   of URLs disagree about which host that names.
  init(setting text: String) throws(InvalidValue) {
    guard text.utf8.count <= Self.maximumBytes,
      let parts = URLComponents(string: text, encodingInvalidCharacters: false),
      let host = parts.encodedHost?.lowercased(), !host.isEmpty, !host.contains("%"),
      parts.percentEncodedUser == nil, parts.percentEncodedPassword == nil, parts.percentEncodedFragment == nil,
      // A higher port makes the HTTP client end the process.
      (1...65535).contains(parts.port ?? 443)
    else { throw Self.invalid }
    switch parts.scheme?.lowercased() {
    case "https": break
    case "http" where Self.isLoopback(host): break
    default: throw Self.invalid
    }
    self.text = text
    self.host = host
  }

  /// Some receivers have a key in the query, which no log may show.
  static func redacted(_ text: String) -> String { text.replacing(/\?.*/, with: "?redacted") }

  private static var invalid: InvalidValue {
    InvalidValue(reason: "must be a URL of at most \(maximumBytes) bytes: \(rule)")
  }

  /// `localhost` (RFC 6761, 6.3), `[::1]`, or four decimal numbers of which the first is 127 (RFC 1122, 3.2.1.3). Other
  /// spellings, such as `127.1`, are refused, because some programs take them for a name.
  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    // `UInt8` also reads a sign and leading zeros, which are lost when the number is printed.
    return numbers.count == 4 && numbers.first == "127" && numbers.allSatisfy { UInt8($0).map { "\($0)" } == String($0) }
  }
}

extension SecureURL: CustomStringConvertible {
  var description: String { Self.redacted(text) }
}
