extension OutboxMessage.Kind {
  /// The notice of a login from a device or network that is new to the account.
  public static let newLogin = Self(rawValue: "new_login")
}

/// A device in a network from which a user has logged in. Stores keep a digest of it.
public enum KnownClient {
  /// Stands in place of a client for "the user has logged in before", so that a user whose clients are all forgotten is told of
  /// the next one, and a new user is not told of the first.
  public static let any = TokenDigest(hex: String(repeating: "0", count: 64))

  /// A login by a user from a client, to be remembered where it is saved.
  public struct Sighting: Sendable, Equatable {
    /// The digest of the user and the client.
    public let digest: TokenDigest
    /// When it happens.
    public let at: Timestamp
    /// How long a client is remembered after its last login.
    public let memory: Duration
    /// The message to queue if the client is new to a user who has logged in before.
    public let notice: OutboxMessage

    /// A sighting with these values.
    public init(digest: TokenDigest, at: Timestamp, memory: Duration, notice: OutboxMessage) {
      self.digest = digest
      self.at = at
      self.memory = memory
      self.notice = notice
    }

    /// A client that was seen last before this moment is forgotten, whether it was purged or not.
    public var forgottenBefore: Timestamp { at - memory }

    /// A client that was seen last by this moment is written down again: once a day is enough.
    public var dueBy: Timestamp { at - min(memory / 2, .seconds(86_400)) }
  }

  /// What a sighting changes in a store.
  public enum Change: Sendable, Equatable {
    /// Nothing.
    case none
    /// The client was seen now.
    case seen
    /// The client was seen now, and is the first of the user, for whom ``KnownClient/any`` is stored, too.
    case first
    /// The client was seen now, and the notice is queued.
    case new
  }
}

extension KnownClient.Sighting {
  /// What is to be stored.
  ///
  /// - Parameters:
  ///   - lastSeen: when the client was seen last; nil if it is not stored.
  ///   - hasLoggedIn: whether ``KnownClient/any`` is stored for the user.
  public func change(lastSeen: Timestamp?, hasLoggedIn: Bool) -> KnownClient.Change {
    guard hasLoggedIn else { return .first }
    guard let lastSeen, lastSeen >= forgottenBefore else { return .new }
    return lastSeen <= dueBy ? .seen : .none
  }
}

extension Auth {
  /// The login of a user from a client; nil if the client's network is not known, or the policy does not care.
  func sighting(of client: Client, by user: User, at moment: Timestamp) -> KnownClient.Sighting? {
    guard let memory = policy.notices.clientMemory, let address = client.ipAddress else { return nil }
    // No network's text has a space, and neither has an id.
    let digest = TokenDigest(of: "\(user.id) \(address.site) \(client.coarseUserAgent)")
    let payload = "\(address)\n\(client.userAgent ?? "")"
    return KnownClient.Sighting(
      digest: digest, at: moment, memory: memory,
      notice: newMessage(.newLogin, to: user.email, of: user.id, payload: payload))
  }
}

extension Client {
  /// The letters of the user agent, in lower case, with one space in place of everything else. Browsers, systems and devices
  /// differ in them; a version, which changes each month, is written in digits. No list of browsers has to be kept up to date.
  var coarseUserAgent: String {
    guard let userAgent else { return "" }
    var letters: [UInt8] = []
    for byte in userAgent.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): letters.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): letters.append(byte | 0x20)
      default: if letters.last != UInt8(ascii: " ") { letters.append(UInt8(ascii: " ")) }
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }
}

extension IPAddress {
  /// The site that the address belongs to, as far as its first bits tell: 24 of IPv4, so that a line that is given another
  /// address each day is not always new, and 48 of IPv6, which is what a site gets (RFC 6177).
  var site: IPNetwork { IPNetwork(self, prefixLength: bytes.count == 4 ? 24 : 48) }
}
