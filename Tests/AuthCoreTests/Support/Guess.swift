import AuthCore

/// The outcome of guessing a password.
enum Guess: Hashable {
  case yes, no
  case throttled(after: Duration)

  var isThrottled: Bool { self != .yes && self != .no }
}

/// An `Auth` and a client who guesses passwords.
struct Guesser: Sendable {
  let auth: Auth
  let client: Client

  /// Guesses a password, by default a wrong one.
  @discardableResult
  func guess(_ password: String = "wrong", for email: String = AuthFixture.email) async throws -> Guess {
    try await guess { auth, client throws(AuthError) in
      try await auth.validLogin(email: email, password: password, from: client)
    }
  }

  /// Guesses a password in another operation that checks one.
  func guess(
    _ isRight: @Sendable (Auth, Client) async throws(AuthError) -> Bool
  ) async throws -> Guess {
    do throws(AuthError) {
      return try await isRight(auth, client) ? .yes : .no
    } catch {
      switch error {
      case .throttled(let delay): return .throttled(after: delay)
      case .wrongPassword: return .no
      default: throw error
      }
    }
  }

  /// Guesses a wrong password several times and returns the outcomes.
  @discardableResult
  func guess(times count: Int, for email: String = AuthFixture.email) async throws -> [Guess] {
    var guesses: [Guess] = []
    for _ in 0..<count { guesses.append(try await guess(for: email)) }
    return guesses
  }
}

extension Auth {
  func from(_ client: Client) -> Guesser { Guesser(auth: self, client: client) }

  func from(_ address: String) -> Guesser { from(.at(address)) }

  @discardableResult
  func guess(_ password: String = "wrong", for email: String = AuthFixture.email) async throws -> Guess {
    try await from(.unknown).guess(password, for: email)
  }

  @discardableResult
  func guess(times count: Int, for email: String = AuthFixture.email) async throws -> [Guess] {
    try await from(.unknown).guess(times: count, for: email)
  }
}

extension Client {
  static func at(_ address: String) -> Client {
    guard let address = IPAddress(address) else { preconditionFailure("\(address) is not an IP address") }
    return Client(ipAddress: address)
  }
}
