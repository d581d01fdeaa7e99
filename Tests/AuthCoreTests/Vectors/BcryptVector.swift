import Testing

@testable import AuthCore

/// A password and its hash as published by others.
struct BcryptVector: Sendable, CustomTestStringConvertible {
  let password: [UInt8]
  let hash: String

  init(_ password: String, _ hash: String) {
    self.init(bytes: Array(password.utf8), hash)
  }

  init(bytes: [UInt8], _ hash: String) {
    self.password = bytes
    self.hash = hash
  }

  var testDescription: String { hash }

  /// The password as a client could send it; nil if it is not UTF-8.
  var text: String? { String(validating: password, as: UTF8.self) }

  /// The bytes that bcrypt uses.
  var visible: [UInt8] { Array(password.prefix(BcryptJob.maximumKeyBytes)) }

  var isTruncated: Bool { visible.count < password.count }

  /// The password with one bit of the last byte that bcrypt uses changed, and without a NUL.
  var flipped: [UInt8] {
    var bytes = visible
    guard let last = bytes.popLast() else { return [] }
    return bytes + [last == 1 ? 3 : last ^ 1]
  }

  static let plain = cryptBlowfish + jBCrypt + pyca + passlib
  static let prehashed = passlibSHA256 + passlibSHA256Version1 + django
}

/// The first `count` bytes of `unit` repeated endlessly.
func cycle(_ unit: some Collection<UInt8>, count: Int) -> [UInt8] {
  let unit = Array(unit)
  return (0..<count).map { unit[$0 % unit.count] }
}
