extension Throttle {
  /// What attempts are counted for: an email, a user or a network, for one purpose. It shows neither, because it holds their
  /// digest.
  public struct Key: Sendable, Hashable, CustomStringConvertible {
    /// The purpose of a counter. Each feature declares its own.
    public struct Kind: RawRepresentable, Sendable, Hashable {
      /// The stored text, in lower-case ASCII letters and hyphens.
      public let rawValue: String

      /// A kind with this stored text.
      public init(rawValue: String) {
        self.rawValue = rawValue
      }
    }

    /// The purpose of the counter.
    public let kind: Kind

    /// The SHA-256 of the email, with ASCII letters in lower case, of the user's id, of the network, or of email and network, as
    /// 64 hexadecimal digits.
    public let digest: String

    /// Takes a digest as a store kept it.
    public init(_ kind: Kind, digest: String) {
      self.kind = kind
      self.digest = digest
    }

    private init(_ kind: Kind, of name: some StringProtocol) {
      self.init(kind, digest: Self.digest(of: name))
    }

    static func digest(of name: some StringProtocol) -> String {
      hexadecimal(Libcrypto.sha256(Array(name.utf8.foldedASCII)))
    }

    /// The key of an email, known or not.
    init(_ kind: Kind, email: String) { self.init(kind, of: email) }

    /// The key of a user.
    init(_ kind: Kind, user id: User.ID) { self.init(kind, of: "\(id)") }

    /// The key of a network.
    init(_ kind: Kind, network: IPNetwork) { self.init(kind, of: network.description) }

    /// The key of an email in a network. No network's text has a space.
    init(_ kind: Kind, email: String, network: IPNetwork) { self.init(kind, of: "\(network) \(email)") }

    /// Byte for byte, as stores compare.
    public static func == (a: Key, b: Key) -> Bool {
      a.kind.rawValue.hasSameBytes(as: b.kind.rawValue) && a.digest.hasSameBytes(as: b.digest)
    }

    /// Hashes the bytes that `==` compares.
    public func hash(into hasher: inout Hasher) {
      for byte in kind.rawValue.utf8 { hasher.combine(byte) }
      for byte in digest.utf8 { hasher.combine(byte) }
    }

    /// Kind and digest.
    public var description: String { "\(kind.rawValue):\(digest)" }
  }
}
