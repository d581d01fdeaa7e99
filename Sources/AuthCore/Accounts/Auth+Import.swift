extension Auth {
  /// Opens an account with the hash that another system has of its password. Nothing is hashed: owners log in with the password
  /// that they have, and their first login replaces the hash by one of today's, unless its cost is higher than the hasher's.
  ///
  /// The address is held against the policy as in ``register(email:password:)``. **The password cannot be**: it is not known, and
  /// one that the policy would refuse comes along.
  ///
  /// - Parameter hash: to the letter as the other system stores it. ``BcryptHasher`` accepts `$2a$`, `$2b$` and `$2y$`, both
  ///   versions of passlib's `$bcrypt-sha256$`, and Django's `bcrypt_sha256$`.
  /// - Throws: ``AuthError/userExists(email:)``, ``AuthError/invalidEmail(_:)``, ``AuthError/unacceptableHash(_:)``.
  public func importUser(email: String, hash: String) async throws(AuthError) -> User {
    let email = try policy.newEmail(email)
    let foreign: PasswordHash
    do { foreign = try PasswordHash(validating: hash) } catch { throw .unacceptableHash(error) }
    if let problem = hasher.problem(with: foreign) { throw .unacceptableHash(problem) }
    let user = try await addUser(email: email, hashedPassword: foreign)
    record(.userImported, user.id)
    return user
  }
}
