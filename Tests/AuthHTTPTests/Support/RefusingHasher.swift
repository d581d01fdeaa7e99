import AuthCore

/// A hasher that never does its work.
struct RefusingHasher: PasswordHasher {
  let error: PasswordHasherError

  func hash(_ password: Password) async throws(PasswordHasherError) -> PasswordHash { throw error }

  func verify(_ password: Password, against hash: PasswordHash?) async throws(PasswordHasherError) -> Bool { throw error }

  func needsRehash(_ hash: PasswordHash) -> Bool { false }
  func isStronger(_ hash: PasswordHash) -> Bool { false }

  func problem(with hash: PasswordHash) -> PasswordHashProblem? { nil }
}
