import AuthCore

/// An attacker with stolen passwords, one for each of many accounts.
enum Stuffing {
  /// The rule to which the present one is compared.
  static let formerThrottle = Throttle(
    threshold: 5, firstDelay: .seconds(1), longestDelay: .seconds(900), forgiveness: .seconds(60))

  /// The most passwords that one address can try in a day, by the best of several ways: as soon as no delay is left, or at a
  /// steady pace, after as many at once as are free.
  static func mostTries(under throttle: Throttle) async throws -> Int {
    var most = 0
    for pace in [0, 1, 10, 30, 45, 59, 60, 61, 64, 74, 75, 76, 90, 120] as [Int64] {
      most = max(most, try await tries(under: throttle, pace: pace))
    }
    return most
  }

  private static func tries(under throttle: Throttle, pace: Int64) async throws -> Int {
    let model = Model(throttle)
    var (now, count): (Int64, Int) = (0, 0)
    while now < 86_400 {
      switch try await model.logIn(-1 - count, isRight: false, from: "198.51.100.1", at: now) {
      case .refused(let delay): now += delay
      default:
        count += 1
        if count >= throttle.threshold - 1 { now += pace }
      }
    }
    return count
  }
}
