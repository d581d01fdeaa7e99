internal import FoundationEssentials

extension [String: String] {
  /// An object of JSON, with its members in alphabetical order and without a line break.
  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings always encode: Swift's have no lone surrogates.
    guard let json = try? encoder.encode(self) else { preconditionFailure("a dictionary of strings did not encode") }
    return Array(json)
  }
}
