internal import AuthCore
internal import AuthHTTP
internal import FoundationEssentials

extension ResetMessage {
  /// The message as one line of JSON, without a line break, its members in alphabetical order:
  ///
  /// - `type`: `password_reset`;
  /// - `id`, `email`, `reset_token`;
  /// - `expires_at`, as RFC 3339 has it, in UTC and whole seconds: `2026-11-25T05:00:00Z`;
  /// - `link`, when there is a base for it.
  func json(linkBase: SecureURL?) -> [UInt8] {
    var members = ["type": "password_reset", "id": id, "email": email.text, "reset_token": token.text]
    members["expires_at"] = expiresAt.rfc3339
    members["link"] = linkBase.map(link)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings always encode: Swift's have no lone surrogates.
    guard let json = try? encoder.encode(members) else { preconditionFailure("a dictionary of strings did not encode") }
    return Array(json)
  }

  /// Where the owner of the address sets a new password, in a page that reads the two from its own address.
  ///
  /// They are in the fragment, which a browser sends to nobody (RFC 3986, section 3.5): in a query they would be in the log of every
  /// server and proxy on the way, and in the `Referer` of all that the page loads.
  private func link(_ base: SecureURL) -> String {
    "\(base.text)#email=\(percentEncoded(email.text))&reset_token=\(percentEncoded(token.text))"
  }
}
