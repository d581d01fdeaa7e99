internal import ArgumentParser
internal import AuthHTTP
internal import FoundationEssentials

/// A file with a service key in its first and only line.
enum ServiceKeyFile {
  /// - Throws: `ValidationError`, a sentence for the operator that shows nothing of the file.
  static func read(_ path: String) throws -> ServiceKey {
    let text: String
    do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw ValidationError("--service-key-file: \(path) cannot be read as text")
    }
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.count == 1, let key = ServiceKey(String(lines[0])) else {
      throw ValidationError(
        "--service-key-file: \(path) must have one line of at least \(ServiceKey.minimumLength) characters of ASCII, without blanks"
      )
    }
    return key
  }
}
