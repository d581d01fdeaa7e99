/// A parser of bytes from outside, and what must hold whatever the bytes are. That it neither traps nor takes long goes without
/// saying: libFuzzer sees to that.
struct Target: Sendable {
  let name: String
  /// Ends the process, by way of ``require(_:_:)``, when a rule is broken.
  let check: @Sendable ([UInt8]) -> Void

  static let all = [
    http1, urlEncoded, multipart, json, credentials, forwardedFor, origin, paths, client, email, password, passwordHash, token,
    ipAddress, complaint, csv, jsonLines, settings, requestID,
  ]
}

/// Ends the process with the rule's text unless the rule holds, in optimised builds too.
func require(_ holds: @autoclosure () throws -> Bool, _ rule: @autoclosure () -> String) {
  do {
    guard try holds() else { fatalError("broken rule: \(rule())") }
  } catch {
    fatalError("broken rule: \(rule()); thrown: \(error)")
  }
}

extension [UInt8] {
  /// As text comes from the network: what is not UTF-8 is replaced.
  var text: String { String(decoding: self, as: UTF8.self) }

  /// For targets that take several texts: one for each line, so that people can read and write the inputs.
  var lines: [String] {
    split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  }
}

extension String {
  /// The same with the other letter case for each ASCII letter.
  var swappingASCIICase: String {
    String(
      decoding: utf8.map { (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) ? $0 ^ 0x20 : $0 }, as: UTF8.self)
  }
}
