import AuthCore
import Synchronization

extension BcryptHasher {
  /// bcrypt at its lowest cost. All tests share it, because each hasher has threads.
  static let fast = BcryptHasher(cost: 4, threads: 2, maximumWait: .seconds(1_000_000))
}

/// A random source that repeats the given bytes.
struct FixedRandom: RandomSource {
  let unit: [UInt8]

  func bytes(_ count: Int) -> [UInt8] { cycle(unit, count: count) }
}

/// A hasher that counts its calls and either does the work or throws `error`.
final class CountingHasher: PasswordHasher {
  struct Count: Equatable {
    var hashed = 0
    var verified = 0
  }

  private let state = Mutex(Count())
  private let error: PasswordHasherError?

  init(error: PasswordHasherError? = nil) {
    self.error = error
  }

  var count: Count { state.withLock { $0 } }

  func hash(_ password: Password) async throws(PasswordHasherError) -> PasswordHash {
    state.withLock { $0.hashed += 1 }
    if let error { throw error }
    return try await BcryptHasher.fast.hash(password)
  }

  func verify(_ password: Password, against hash: PasswordHash?) async throws(PasswordHasherError) -> Bool {
    state.withLock { $0.verified += 1 }
    if let error { throw error }
    return try await BcryptHasher.fast.verify(password, against: hash)
  }

  func needsRehash(_ hash: PasswordHash) -> Bool { false }
  func isStronger(_ hash: PasswordHash) -> Bool { false }

  func problem(with hash: PasswordHash) -> PasswordHashProblem? { BcryptHasher.fast.problem(with: hash) }
}

/// A hasher that runs `afterVerify` before it returns from a check, to make something happen while a password is checked.
struct MeddlingHasher: PasswordHasher {
  let afterVerify: @Sendable () async -> Void

  func hash(_ password: Password) async throws(PasswordHasherError) -> PasswordHash {
    try await BcryptHasher.fast.hash(password)
  }

  func verify(_ password: Password, against hash: PasswordHash?) async throws(PasswordHasherError) -> Bool {
    let isRight = try await BcryptHasher.fast.verify(password, against: hash)
    await afterVerify()
    return isRight
  }

  func needsRehash(_ hash: PasswordHash) -> Bool { false }
  func isStronger(_ hash: PasswordHash) -> Bool { false }

  func problem(with hash: PasswordHash) -> PasswordHashProblem? { BcryptHasher.fast.problem(with: hash) }
}
