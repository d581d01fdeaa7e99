/// Why a hash from another system is not accepted: no password could ever be checked against it.
///
/// It repeats nothing of the text except the cost of a well-formed hash, because the text may be a password given by mistake.
@nonexhaustive
public enum PasswordHashProblem: Error, Equatable, CustomStringConvertible {
  /// The hasher does not support this scheme.
  case unsupported(PasswordHashScheme)

  /// The text begins like a hash that the hasher supports, but is not a complete, well-formed hash.
  case malformed

  /// The text contains U+0000, which no hash does. It is refused before a hasher sees it.
  case containsNUL

  /// Checking a password against the hash would take more work than the hasher allows.
  case tooExpensive(cost: Int, maximum: Int)

  /// Says what is wrong and what to do instead.
  public var description: String {
    switch self {
    case .unsupported(.unknown):
      "the text is not a hash of a known scheme; register the account with a random password and have its owner reset it"
    case .unsupported(let scheme):
      "\(scheme) hashes are not supported; register the account with a random password and have its owner reset it"
    case .malformed:
      "the hash does not have the format of its scheme; give the whole text that the other system stored, and nothing else"
    case .containsNUL:
      "the hash contains U+0000; give the whole text that the other system stored, and nothing else"
    case .tooExpensive(let cost, let maximum):
      "the hash has cost \(cost); the limit is \(maximum); raise it in the hasher or register the account with a random password"
    }
  }
}
