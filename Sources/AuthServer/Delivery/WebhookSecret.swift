internal import AuthCore
internal import FoundationEssentials
internal import SystemPackage

/// The key that the server shares with the receiver of a webhook, by which messages are signed as Standard Webhooks 1.0.0 says
/// (`spec/standard-webhooks.md`, "Signature scheme"). Printed or dumped it shows nothing of itself.
struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
  /// In bytes, of the key: what the standard allows, 192 to 512 bits.
  static let limits = 24...64
  /// In bytes, of the file: a longer one is no secret's.
  static let maximumFileBytes = 1024

  private let key: [UInt8]

  /// Takes what a file has: `whsec_` and the key in base 64, or else the key itself. One line break at the end does not count.
  ///
  /// - Throws: ``Problem``.
  init(contents: [UInt8]) throws(Problem) {
    var text = contents[...]
    if text.last == UInt8(ascii: "\n") { text.removeLast() }
    if text.last == UInt8(ascii: "\r"), text.count < contents.count { text.removeLast() }
    let prefix = Array("whsec_".utf8)
    if text.starts(with: prefix) {
      guard let key = Data(base64Encoded: Data(text.dropFirst(prefix.count))) else { throw .notBase64 }
      self.key = Array(key)
    } else {
      key = Array(text)
    }
    guard Self.limits.contains(key.count) else { throw .length(key.count) }
  }

  /// Reads a file. Who else may read it is not asked: what systemd, Docker and Kubernetes pass to a service has modes of theirs.
  ///
  /// - Throws: ``Problem``.
  init(file path: String) throws(Problem) {
    let contents: [UInt8]
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      contents = try file.closeAfter { try Self.read(file) }
    } catch {
      throw .unreadable("\(error)")
    }
    guard contents.count <= Self.maximumFileBytes else { throw .tooLong }
    try self.init(contents: contents)
  }

  /// All of a file, or one byte more than it may have. A pipe gives it in pieces.
  private static func read(_ file: FileDescriptor) throws -> [UInt8] {
    var contents: [UInt8] = []
    while contents.count <= maximumFileBytes {
      let piece = unsafe try [UInt8](unsafeUninitializedCapacity: maximumFileBytes + 1 - contents.count) { buffer, count in
        // SAFETY: at most the buffer's length is read, and all that is counted was.
        count = unsafe try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      guard !piece.isEmpty else { break }
      contents += piece
    }
    return contents
  }

  /// The value of the header `webhook-signature`: `v1,` and the padded base 64 of an HMAC-SHA256.
  ///
  /// - Parameters:
  ///   - id: without `.`, or one message could be read as another.
  ///   - timestamp: of the attempt, in seconds since 1970.
  func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
    let signed = Array("\(id).\(timestamp).".utf8) + body
    return "v1," + Data(hmacSHA256(key: key, message: signed)).base64EncodedString()
  }

  var description: String { "WebhookSecret(redacted)" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension WebhookSecret {
  /// Why a file is no secret, in words that follow its name.
  enum Problem: Error, Equatable, CustomStringConvertible {
    case unreadable(String)
    case tooLong
    case notBase64
    case length(Int)

    var description: String {
      switch self {
      case .unreadable(let reason): "cannot be read: \(reason)"
      case .tooLong: "has more than \(maximumFileBytes) bytes"
      case .notBase64: "has no base 64, padded, after whsec_"
      case .length(let count):
        "has a key of \(count) bytes, not \(limits.lowerBound) to \(limits.upperBound); make one with: "
          + #"echo "whsec_$(openssl rand -base64 32)""#
      }
    }
  }
}
