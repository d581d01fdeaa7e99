internal import AuthCore
internal import FoundationEssentials

/// The key that the server shares with the receiver of a webhook, and with which it signs messages as Standard Webhooks 1.0.0
/// specifies (`spec/standard-webhooks.md`, "Signature scheme"). It is redacted wherever it is printed.
struct WebhookSecret: Sendable, Equatable, Redacted {
  /// The lengths of a key, in bytes, that the standard allows: 192 to 512 bits.
  static let limits = 24...64

  private let key: [UInt8]

  /// Takes what a file has: `whsec_` and the key in base 64, or else the key itself.
  ///
  /// - Throws: ``Problem``.
  init(contents: [UInt8]) throws(Problem) {
    let prefix = Array("whsec_".utf8)
    if contents.starts(with: prefix) {
      guard let key = Data(base64Encoded: Data(contents.dropFirst(prefix.count))) else { throw .notBase64 }
      self.key = Array(key)
    } else {
      key = contents
    }
    guard Self.limits.contains(key.count) else { throw .length(key.count) }
  }

  /// The value of the header `webhook-signature`: `v1,` and the padded base 64 of an HMAC-SHA256.
  ///
  /// - Parameters:
  ///   - id: without `.`, or one message could be read as another.
  ///   - timestamp: of the attempt, in seconds since 1970.
  func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
    let signed = Array("\(id).\(timestamp).".utf8) + body
    return "v1," + Data(Libcrypto.hmacSHA256(key: key, message: signed)).base64EncodedString()
  }
}

extension WebhookSecret {
  /// Why a file does not contain a usable secret, in words that follow its name.
  enum Problem: Error, Equatable, CustomStringConvertible {
    case notBase64
    case length(Int)

    var description: String {
      switch self {
      case .notBase64: "has no base 64, padded, after whsec_"
      case .length(let count):
        "has a key of \(count) bytes, not \(limits.lowerBound) to \(limits.upperBound); make one with: "
          + #"echo "whsec_$(openssl rand -base64 32)""#
      }
    }
  }
}
