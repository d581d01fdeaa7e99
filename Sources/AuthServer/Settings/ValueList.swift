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
    var values: [Element] = []
    for element in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Self.parse(String(element)) else {
        throw InvalidValue(reason: "must be \(Self.elementRule), separated by commas; '\(element)' is not one")
      }
      values.append(value)
    }
    self.init(values: values)
  }
}

struct ProxyList: ValueList {
  static let elementRule = "IP addresses and networks such as 10.0.0.0/8, or unix"
  let values: [IPNetwork]

  static func parse(_ text: String) -> IPNetwork? { text == "unix" ? .unixSocket : IPNetwork(text) }
}

/// Origins as browsers write them: scheme, host in lower case and a port that is not the scheme's own.
struct OriginList: ValueList {
  static let elementRule = "origins such as https://app.example.org, without a path"
  let values: [String]

  static func parse(_ text: String) -> String? {
    text.wholeMatch(of: /https?:\/\/[a-z0-9.\-\[\]:]+/) == nil ? nil : text
  }
}

struct WordList: ValueList {
  static let elementRule = "words"
  let values: [String]

  static func parse(_ text: String) -> String? { text.isEmpty ? nil : text }
}
