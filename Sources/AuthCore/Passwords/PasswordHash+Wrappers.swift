extension PasswordHash {
  /// What other systems write before a hash in the format of crypt(3), to say how they check it. In lower case.
  private static let wrappers = [
    // Spring Security's DelegatingPasswordEncoder.
    "{bcrypt}",
    // Dovecot, and Postfix's administration.
    "{blf-crypt}",
    // LDAP's `userPassword` (RFC 2307, 5.3), Dovecot.
    "{crypt}",
    // Django's `BCryptPasswordHasher`.
    "bcrypt$",
    // Jenkins.
    "#jbcrypt:",
    // Nextcloud and ownCloud: the version of their hasher.
    "1|",
  ]

  /// Takes the text that another system has stored, without the wrapper that some put before a hash. The names of schemes in
  /// braces have no letter case (RFC 2307, 5.3).
  ///
  /// - Throws: ``PasswordHashProblem/containsNUL``.
  init(fromElsewhere text: String) throws(PasswordHashProblem) {
    let wrapper = Self.wrappers.first { text.utf8.foldedASCII.starts(with: $0.utf8) } ?? ""
    let rest = text.utf8.dropFirst(wrapper.utf8.count)
    // Before anything that cannot be a hash it is not a wrapper, and the text is refused as a whole.
    try self.init(validating: rest.first == UInt8(ascii: "$") ? String(decoding: rest, as: UTF8.self) : text)
  }
}
