import AuthCore

/// What becomes of a try at a password.
enum Guess: Hashable {
  case yes, no
  case throttled(after: Duration)

  var isThrottled: Bool { self != .yes && self != .no }
}

extension Auth {
  /// Tries a password that is wrong unless it is given.
  @discardableResult
  func guess(_ password: String = "wrong", for email: String = AuthFixture.email) async throws -> Guess {
    try await guess { auth throws(AuthError) in try await auth.validLogin(email: email, password: password) }
  }

  /// Tries a password where whoever has a session is asked for it again.
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

  /// Tries a wrong password so many times, and gives what became of each.
  @discardableResult
  func guess(times count: Int, for email: String = AuthFixture.email) async throws -> [Guess] {
    var guesses: [Guess] = []
    for _ in 0..<count { guesses.append(try await guess(for: email)) }
    return guesses
  }

  /// The same for a client at this address.
  func serving(address: String) -> Auth { serving(.at(address)) }
}

extension Client {
  static func at(_ address: String) -> Client {
    guard let address = IPAddress(address) else { preconditionFailure("\(address) is no address") }
    return Client(address: address)
  }
}
