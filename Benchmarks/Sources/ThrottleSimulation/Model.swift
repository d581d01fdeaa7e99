import AuthCore
import Synchronization

/// The account system on a clock that is set by hand.
struct Model {
  enum Answer {
    case loggedIn, wrong
    /// For so many seconds.
    case refused(Int64)
  }

  private let clock = SetClock()
  private let auth: Auth

  init(_ throttle: Throttle) {
    var policy = AuthPolicy.strict
    policy.throttling.loginPerNetwork = throttle
    policy.sessions.maximumPerUser = 1
    auth = Auth(policy: policy, store: InMemoryStore(), hasher: LengthHasher(), clock: clock)
  }

  func addAccount(_ number: Int) async throws {
    _ = try await auth.register(email: Self.email(number), password: Self.right, from: .unknown)
  }

  /// - Parameter seconds: the time since the beginning.
  func logIn(_ number: Int, isRight: Bool, from address: String, at seconds: Int64) async throws -> Answer {
    clock.set(toSecond: seconds)
    let client = Client(ipAddress: IPAddress(address))
    do throws(AuthError) {
      let outcome = try await auth.logIn(
        email: Self.email(number), password: isRight ? Self.right : Self.wrong, from: client)
      return if case .loggedIn = outcome { .loggedIn } else { .wrong }
    } catch .throttled(let delay) {
      return .refused(delay.components.seconds)
    }
  }

  private static func email(_ number: Int) -> String { "person\(number)@example.org" }
  private static let right = "Gravel umbrella, 1843 times"
  private static let wrong = right + "s"
}

/// Tells two passwords apart by their length. The hashes are not what is tried here.
private struct LengthHasher: PasswordHasher {
  func hash(_ password: Password) -> PasswordHash { PasswordHash("\(password.byteCount)") }
  func verify(_ password: Password, against hash: PasswordHash?) -> Bool { hash?.text == "\(password.byteCount)" }
  func needsRehash(_: PasswordHash) -> Bool { false }
  func isStronger(_: PasswordHash) -> Bool { false }
  func problem(with _: PasswordHash) -> PasswordHashProblem? { nil }
}

private final class SetClock: WallClock {
  private let seconds = Atomic<Int64>(0)

  var now: Timestamp { Timestamp(secondsSince1970: 1_800_000_000 + seconds.load(ordering: .relaxed)) }

  func set(toSecond second: Int64) { seconds.store(second, ordering: .relaxed) }
}
