import AuthCore

/// The outcome of guessing a password.
enum Guess: Hashable {
  case yes, no
  case throttled(after: Duration)

  var isThrottled: Bool { self != .yes && self != .no }
}

extension Auth {
  /// Guesses a password, by default a wrong one.
  @discardableResult
  func guess(_ password: String = "wrong", for email: String = AuthFixture.email) async throws -> Guess {
    try await guess { auth throws(AuthError) in try await auth.validLogin(email: email, password: password) }
  }

  /// Guesses a password in an operation that asks for it although there is a session.
  func guess(
    _ isRight: @Sendable (Auth) async throws(AuthError) -> Bool
  ) async throws -> Guess {
    do throws(AuthError) {
      return try await isRight(self) ? .yes : .no
    } catch {
      switch error {
      case .throttled(let pause): return .throttled(after: pause)
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

  /// This `Auth`, serving a client at the given IP address.
  func serving(address: String) -> Auth { serving(.at(address)) }
}

extension Client {
  static func at(_ address: String) -> Client {
    guard let address = IPAddress(address) else { preconditionFailure("\(address) is not an IP address") }
    return Client(ipAddress: address)
  }
}
