import AuthCore
import BenchmarkSupport
import Foundation

private let password = try! Password(Crypt.password)

/// Processor seconds of `count` hashes that are asked for at once.
private func seconds(_ count: Int, by hasher: BcryptHasher) async throws -> Double {
  let start = processorSeconds()
  try await withThrowingTaskGroup(of: Void.self) { group in
    for _ in 0..<count { group.addTask { _ = try await hasher.hash(password) } }
    try await group.waitForAll()
  }
  return processorSeconds() - start
}

/// How many times as many hashes of a processor second as crypt(3) gives, when `count` are asked for at once.
private func speedUp(_ count: Int, _ plan: Plan, by hasher: BcryptHasher) async throws -> Double {
  var ratios: [Double] = []
  for _ in 0..<plan.repetitions {
    let before = Crypt.seconds(cost: plan.cost)
    let ours = try await seconds(count, by: hasher) / Double(count)
    ratios.append((before + Crypt.seconds(cost: plan.cost)) / 2 / ours)
  }
  return median(ratios)
}

private let crypt = "crypt_r, one at a time"
/// As many as a thread of swift-auth computes together.
private let lanes = 5

func measureWidths(_ plan: Plan, _ report: inout Report) async throws {
  let hasher = BcryptHasher(cost: plan.cost, threads: 1, maximumWait: .seconds(3600))
  _ = try await hasher.hash(password)
  let alone = try await speedUp(1, plan, by: hasher)
  report.add("time of a hash alone", against: "crypt_r", ratio: 1 / alone, atMost: 1.03)
  var best = alone
  for width in 2...lanes {
    let speed = try await speedUp(width, plan, by: hasher)
    report.add("hashes a second, \(width) at a time", against: crypt, ratio: speed)
    report.add("the same", against: "the best narrower", ratio: speed / best, atLeast: 0.97)
    best = max(best, speed)
  }
}

func measureFullLanes(_ plan: Plan, _ report: inout Report) async throws {
  let hasher = BcryptHasher(cost: plan.cost, threads: 1, maximumWait: .seconds(3600))
  // Some wait, so that a lane which becomes free is filled at once.
  let speed = try await speedUp(4 * lanes, plan, by: hasher)
  report.add("hashes a second, one thread with more than it has lanes", against: crypt, ratio: speed, atLeast: 2.8)

  let rounds = try JohnTheRipper.roundsPerSecond(seconds: plan.johnSeconds)
  let ours = speed * Double(1 << plan.cost) / Crypt.seconds(cost: plan.cost)
  report.add("the same", against: "john --test --format=bcrypt, one thread", ratio: ours / rounds, atLeast: 1.15)
}

/// A hash is asked for while others are computed. In a queue served one at a time it would be done when all that were there
/// before it are, and then itself.
func measureArrivals(_ plan: Plan, _ report: inout Report) async throws {
  let hasher = BcryptHasher(cost: plan.cost, threads: 1, maximumWait: .seconds(3600))
  let clock = ContinuousClock()
  for (ahead, share) in [(1, 0.95), (1, 0.5), (4, 0.5), (9, 0.5)] {
    var ratios: [Double] = []
    for _ in 0..<plan.repetitions {
      let alone = try await clock.measure { _ = try await hasher.hash(password) }
      let start = clock.now
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<ahead { group.addTask { _ = try await hasher.hash(password) } }
        try await Task.sleep(for: alone * share)
        let arrival = clock.now
        _ = try await hasher.hash(password)
        ratios.append((clock.now - arrival) / (alone * Double(ahead + 1) - (arrival - start)))
        try await group.waitForAll()
      }
    }
    report.add(
      "time of a hash asked for \(number(share)) hashes after \(ahead) others", against: "a queue, one at a time",
      ratio: median(ratios), atMost: 1)
  }
}
