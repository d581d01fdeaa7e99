/// Hashes passwords for storage and checks them. The default is ``BcryptHasher``.
///
/// An implementation computes on threads of its own and never blocks the caller's. It stops when the calling task is cancelled,
/// and throws ``PasswordHasherError/overloaded(retryAfter:)`` at once if it could not finish in a bounded time.
public protocol PasswordHasher: Sendable {
  /// Makes a new, salted hash of `password`, in which every byte of the password counts.
  func hash(_ password: Password) async throws(PasswordHasherError) -> PasswordHash

  /// Whether `hash` was made from `password`.
  ///
  /// Without a hash, or with one that it cannot read, the hasher does the same work as for a hash of its own and returns false:
  /// an unknown email takes as long as a known one.
  func verify(_ password: Password, against hash: PasswordHash?) async throws(PasswordHasherError) -> Bool

  /// Whether `hash` should be replaced, once its password is known, because its form or strength is outdated.
  func needsRehash(_ hash: PasswordHash) -> Bool

  /// Whether a new hash would be weaker than `hash`, which is kept for that reason.
  func isStronger(_ hash: PasswordHash) -> Bool

  /// Why no password can be checked against `hash`, which comes from another system; nil if one can.
  func problem(with hash: PasswordHash) -> PasswordHashProblem?
}

/// Why a hasher did not do its work. No case says anything about the password.
@nonexhaustive
public enum PasswordHasherError: Error, Equatable {
  /// More work is waiting than can be done in a bounded time. All of it is estimated to be done after `retryAfter`.
  case overloaded(retryAfter: Duration)

  /// The calling task was cancelled before the work was done.
  case cancelled
}
