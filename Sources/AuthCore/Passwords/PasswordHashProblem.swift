/// Why a hash from elsewhere is not accepted: no password could ever be checked against it.
///
/// Nothing in it is taken from the text but the cost, and that only of a hash which is a hash: what was given may be a password.
@nonexhaustive
public enum PasswordHashProblem: Error, Equatable, CustomStringConvertible {
  /// The hasher knows no such scheme.
  case unsupported(PasswordHashScheme)

  /// The text begins as a hash that the hasher reads, and does not go on as one.
  case malformed

  /// Every check would take more work than the hasher does.
  case tooExpensive(cost: Int, maximum: Int)

  public var description: String {
    switch self {
    case .unsupported(.unknown):
      "the text is no hash of a known scheme; register the account with a random password, and have its owner reset it"
    case .unsupported(let scheme):
      "hashes of the scheme \(scheme) are not supported; register the account with a random password, and have its owner reset it"
    case .malformed:
      "the hash is not written as its scheme asks; give the whole text as the other system stored it, and nothing around it"
    case .tooExpensive(let cost, let maximum):
      "the hash has cost \(cost), the limit is \(maximum); raise the hasher's limit, or register the account with a random password"
    }
  }
}
