internal import ArgumentParser
internal import AuthCore

/// Several values of one option, with commas between them.
protocol OptionList: ExpressibleByArgument {
  associatedtype Element
  init(values: [Element])
  static func parse(_ text: String) -> Element?
}

extension OptionList {
  /// nil when one of them is not what it should be; an empty one never is.
  init?(argument: String) {
    var values: [Element] = []
    for text in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Self.parse(String(text)) else { return nil }
      values.append(value)
    }
    self.init(values: values)
  }
}

struct ProxyList: OptionList {
  let values: [IPNetwork]

  static func parse(_ text: String) -> IPNetwork? { IPNetwork(text) }
}

/// Origins as browsers write them: scheme, host in lower case and a port that is not the scheme's own.
struct OriginList: OptionList {
  let values: [String]

  static func parse(_ text: String) -> String? {
    text.wholeMatch(of: /https?:\/\/[a-z0-9.\-\[\]:]+/) == nil ? nil : text
  }
}

struct WordList: OptionList {
  let values: [String]

  static func parse(_ text: String) -> String? { text.isEmpty ? nil : text }
}
