/// A secret that lets its holder act as a user. It is redacted wherever it is printed.
///
/// Tokens have no `==`: they are looked up by their ``digest``, never compared.
public protocol SecretToken: Sendable, Redacted {
  /// The token itself. Give it to its owner only.
  var text: String { get }
}

extension SecretToken {
  /// The digest that is stored in place of the token.
  public var digest: TokenDigest { TokenDigest(of: text) }
}
