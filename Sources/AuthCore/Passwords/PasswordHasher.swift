/// Turns passwords into what is stored, and checks them. The default is ``BcryptHasher``.
///
/// An implementation computes on threads of its own and never blocks the caller's, gives a call up when its task is cancelled, and
/// refuses at once, with ``PasswordHasherError/overloaded(retryAfter:)``, what it could not do in a bounded time.
public protocol PasswordHasher: Sendable {
  /// A new, salted hash of `password`, of which every byte counts.
  func hash(_ password: Password) async throws(PasswordHasherError) -> PasswordHash

  /// Whether `hash` was made from `password`.
  ///
  /// Given no hash, or one that this hasher cannot read, it does the same work as for a hash of its own making and returns
  /// false: an answer takes as long for an unknown address as for a known one.
  func verify(_ password: Password, against hash: PasswordHash?) async throws(PasswordHasherError) -> Bool

  /// Whether `hash`, once its password is known, should be replaced by one of the present form and strength.
  func needsRehash(_ hash: PasswordHash) -> Bool

  /// Why no password can be checked against `hash`, which comes from elsewhere; nil when one can.
  func problem(with hash: PasswordHash) -> PasswordHashProblem?
}

/// Why a hasher did not do its work. None of these says anything about the password.
@nonexhaustive
public enum PasswordHasherError: Error, Equatable {
  /// More work waits than can be done in a bounded time; all of it will be done after `retryAfter`, by estimate.
  case overloaded(retryAfter: Duration)

  /// The calling task was cancelled before the work was done.
  case cancelled
}
