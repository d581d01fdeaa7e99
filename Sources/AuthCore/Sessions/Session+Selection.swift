extension Session {
  /// Some of a user's sessions.
  public enum Selection: Sendable, Equatable {
    case all
    case only(TokenDigest)
    case allBut(TokenDigest)

    public func contains(_ id: TokenDigest) -> Bool {
      switch self {
      case .all: true
      case .only(let one): one == id
      case .allBut(let one): one != id
      }
    }
  }
}
