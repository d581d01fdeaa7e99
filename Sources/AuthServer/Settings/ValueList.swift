internal import AuthCore
internal import AuthHTTP

/// Several values of one setting, with commas between them.
protocol ValueList: SettingValue {
  associatedtype Element
  /// What each of them is.
  static var elementRule: String { get }
  init(values: [Element])
  static func parse(_ text: String) -> Element?
}

extension ValueList {
  init(setting text: String) throws(InvalidValue) {
    self.init(values: try Self.elements(of: text))
  }

  static func elements(of text: String) throws(InvalidValue) -> [Element] {
    var values: [Element] = []
    for element in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Self.parse(String(element)) else {
        throw InvalidValue(reason: "must be \(Self.elementRule), separated by commas; '\(element)' is not one")
      }
      values.append(value)
    }
    return values
  }
}

struct ProxyList: ValueList {
  static let elementRule = "IP addresses and networks such as 10.0.0.0/8, or unix"
  let values: [IPNetwork]

  static func parse(_ text: String) -> IPNetwork? { text == "unix" ? .unixSocket : IPNetwork(text) }
}

struct OriginList: ValueList {
  static let elementRule = "origins such as https://app.example.org, without a path"
  let values: [String]

  static func parse(_ text: String) -> String? { WebOrigin(text)?.description }
}

struct IdentityHeaderList: ValueList {
  static let elementRule =
    "names of headers with \(IdentityHeader.Value.allCases.map(\.rawValue).joined(separator: ", ")) after an equals sign"
  let values: [IdentityHeader]

  static func parse(_ text: String) -> IdentityHeader? {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let value = IdentityHeader.Value(rawValue: parts[1]) else { return nil }
    return IdentityHeader(parts[0], value)
  }
}

extension IdentityHeaderList {
  init(setting text: String) throws(InvalidValue) {
    let headers = try Self.elements(of: text)
    guard Set(headers.map { $0.name.lowercased() }).count == headers.count else {
      throw InvalidValue(reason: "must name each header once")
    }
    self.init(values: headers)
  }
}

extension IdentityHeaderList: CustomStringConvertible {
  var description: String { values.map { "\($0.name)=\($0.value.rawValue)" }.joined(separator: ",") }
}

struct WordList: ValueList {
  static let elementRule = "words"
  let values: [String]

  static func parse(_ text: String) -> String? { text.isEmpty ? nil : text }
}
