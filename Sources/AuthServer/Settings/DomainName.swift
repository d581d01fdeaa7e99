/// A domain under which there are several hosts: at least two labels (RFC 1123, 2.1), which no IP address is.
struct DomainName: SettingValue {
  let text: String

  init(setting text: String) throws(InvalidValue) {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    let isName = labels.count >= 2 && text.utf8.count <= 253 && labels.allSatisfy(Self.isLabel)
    guard isName, labels.last?.wholeMatch(of: /[0-9]+/) == nil else {
      throw InvalidValue(reason: "must be a domain such as example.org, without a dot before it, not '\(text)'")
    }
    self.text = text
  }

  private static func isLabel(_ text: Substring) -> Bool {
    text.wholeMatch(of: /[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?/) != nil
  }
}
