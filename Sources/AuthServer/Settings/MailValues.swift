internal import AuthCore

/// Who mail comes from.
struct MailSender: SettingValue, CustomStringConvertible {
  /// The limit on the name, in bytes.
  static let maximumNameBytes = 100

  /// Nil for an address alone.
  let name: String?
  let address: MailAddress

  /// Takes `accounts@example.org`, `<accounts@example.org>` and `Example <accounts@example.org>`; the name may be in quotation
  /// marks, as in a mail header.
  ///
  /// The address has nothing that needs quoting and begins with a letter or a digit, because it is also an argument of the mail
  /// program, and a name has no character that controls a terminal or ends a line.
  init(setting text: String) throws(InvalidValue) {
    var (name, address) = (Substring(), text[...])
    if text.hasSuffix(">") {
      guard let bracket = text.lastIndex(of: "<") else { throw Self.invalid }
      (name, address) = (text[..<bracket], text[text.index(after: bracket)...].dropLast())
    }
    while name.last == " " { name.removeLast() }
    while name.first == " " { name.removeFirst() }
    if name.utf8.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
    guard let parsed = try? MailAddress(String(address)), parsed.text == String(address), !parsed.text.contains("\""),
      parsed.text.first.map({ $0.isLetter || $0.isNumber }) == true,
      name.utf8.count <= Self.maximumNameBytes, name.unicodeScalars.allSatisfy(\.isPrintable)
    else { throw Self.invalid }
    self.name = name.isEmpty ? nil : String(name)
    self.address = parsed
  }

  var description: String { name.map { "\($0) <\(address.text)>" } ?? address.text }

  private static var invalid: InvalidValue {
    InvalidValue(
      reason: """
        must be an address, or a name of at most \(maximumNameBytes) bytes and an address, such as \
        Example <accounts@example.org>
        """)
  }
}

/// The name by which messages call the service.
struct ServiceName: SettingValue, CustomStringConvertible {
  static let maximumBytes = 100

  let text: String

  init(setting text: String) throws(InvalidValue) {
    guard text.utf8.count <= Self.maximumBytes, text.unicodeScalars.allSatisfy(\.isPrintable) else {
      throw InvalidValue(reason: "must be a name of at most \(Self.maximumBytes) bytes, without control characters")
    }
    self.text = text
  }

  var description: String { text }
}

/// A language by its tag (RFC 5646), which is also the name of a folder of templates.
struct LanguageTag: SettingValue, Equatable, CustomStringConvertible {
  static let english = LanguageTag(text: "en")

  let text: String

  private init(text: String) { self.text = text }

  init(setting text: String) throws(InvalidValue) {
    guard text.utf8.count <= 35, text.wholeMatch(of: /[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*/) != nil else {
      throw InvalidValue(reason: "must be the tag of a language such as en or pt-BR, not '\(text)'")
    }
    self.text = text
  }

  var description: String { text }
}
