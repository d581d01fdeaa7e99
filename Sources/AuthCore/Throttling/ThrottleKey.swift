extension Throttle {
  /// Whose failures are counted. It shows neither address nor network: their digest stands in their place.
  public struct Key: Sendable, Hashable, CustomStringConvertible {
    /// The stored text: what is counted, a colon, 64 hexadecimal digits.
    public let text: String

    /// What the keys of logins with an address begin with, in the words of a store that cannot ask ``isOfLoginWithEmail``.
    public static let loginWithEmailPrefix = "login-address:"

    /// Whether it counts wrong passwords for an address: such rows may lock it, see ``Throttle/lockThreshold``.
    public var isOfLoginWithEmail: Bool { text.utf8.starts(with: Self.loginWithEmailPrefix.utf8) }

    /// Takes the text that a store stored, as it is.
    public init(stored text: String) {
      self.text = text
    }

    private init(_ kind: String, _ name: some StringProtocol) {
      text = "\(kind):\(hexadecimal(Libcrypto.sha256(Array(name.utf8.foldedASCII))))"
    }

    /// Wrong passwords for an address, known or not, in whatever ASCII letter case.
    static func logIn(_ email: String) -> Throttle.Key { Throttle.Key("login-address", email) }
    /// Wrong passwords from a network.
    static func logIn(_ network: IPNetwork) -> Throttle.Key { Throttle.Key("login-network", network.description) }
    /// Requests of a reset token for an address.
    static func reset(_ email: String) -> Throttle.Key { Throttle.Key("reset-address", email) }
    /// Requests of reset tokens from a network.
    static func reset(_ network: IPNetwork) -> Throttle.Key { Throttle.Key("reset-network", network.description) }

    public static func == (a: Throttle.Key, b: Throttle.Key) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    public func hash(into hasher: inout Hasher) {
      for byte in text.utf8 { hasher.combine(byte) }
    }

    public var description: String { text }
  }
}

extension Throttle {
  /// How many failures in a row there were.
  public struct Counter: Sendable, Equatable {
    public var count: Int
    /// When the last of them was.
    public var lastAt: Timestamp

    public init(count: Int, lastAt: Timestamp) {
      self.count = count
      self.lastAt = lastAt
    }

    /// What is as good as not stored.
    public static let none = Throttle.Counter(count: 0, lastAt: Timestamp(secondsSince1970: 0))
  }
}
