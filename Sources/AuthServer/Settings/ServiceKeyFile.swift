internal import ArgumentParser
internal import AuthHTTP

/// A file that holds a service key.
enum ServiceKeyFile {
  /// - Throws: `ValidationError`, a sentence for the operator that shows nothing of the file.
  static func read(_ path: String) throws -> ServiceKey {
    let option = ClientSettings.KeyFile.option
    let contents: [UInt8]
    do { contents = try SecretFile.contents(of: path) } catch { throw ValidationError("\(option): \(path) \(error)") }
    guard let key = ServiceKey(String(decoding: contents, as: UTF8.self)) else {
      throw ValidationError(
        "\(option): \(path) must have one line of at least \(ServiceKey.minimumLength) ASCII characters, without spaces")
    }
    return key
  }
}
