import Testing

@testable import AuthCore

@Suite struct BcryptLanesTests {
  private static let widths = 1...BlowfishSlab.maximumLanes
  private static let seeds: [UInt64] = [20_261_125, .random(in: 0...UInt64.max)]

  /// Those of a great cost take too long in a build for debugging, where ``BcryptVectorTests`` has them at one width.
  private static let vectors = BcryptVector.plain.filter {
    #if DEBUG
      BcryptString(parsing: PasswordHash($0.hash))!.cost <= 6
    #else
      true
    #endif
  }

  @Test(arguments: widths)
  func `published passwords hash to the published digests at every width`(width: Int) throws {
    var published = try Self.vectors.map { try ($0, #require(BcryptString(parsing: PasswordHash($0.hash)))) }
    // So that the widest hashes, which take long, are not left alone with the lanes.
    published.sort { $0.1.cost > $1.1.cost }
    var lanes = BcryptLanes(capacity: width)
    var expected: [[UInt8]] = []
    var next = published.startIndex
    while next < published.endIndex || !expected.isEmpty {
      while next < published.endIndex, expected.count < width {
        let (vector, hash) = published[next]
        lanes.join(BcryptComputation(BcryptJob(key: vector.visible, salt: hash.salt, cost: hash.cost)))
        expected.append(hash.digest)
        next += 1
      }
      _ = lanes.advance(atMost: 1 << 20)
      for lane in expected.indices.reversed() where lanes.computations[lane].roundsLeft == 0 {
        #expect(lanes.leave(lane).digest == expected[lane])
        expected.swapAt(lane, expected.count - 1)
        expected.removeLast()
      }
    }
  }

  /// Jobs join at random moments, some leave before they are done, some go on in other lanes.
  @Test(arguments: seeds)
  func `jobs that join, leave and change lanes at random end with the digests that libcrypto gives`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for width in Self.widths {
      var lanes = BcryptLanes(capacity: width)
      var others = BcryptLanes(capacity: BlowfishSlab.maximumLanes)
      for _ in 0..<Trials.lanes / Self.widths.count {
        fill(&lanes, by: &random)
        let rounds = lanes.advance(atMost: .random(in: 1...20, using: &random))
        #expect(rounds > 0 || lanes.computations.isEmpty)
        _ = others.advance(atMost: .random(in: 1...20, using: &random))
        if !lanes.computations.isEmpty, others.computations.count < others.capacity, Bool.random(using: &random) {
          others.join(lanes.suspend(.random(in: lanes.computations.indices, using: &random)))
        }
        if !lanes.computations.isEmpty, Int.random(in: 0..<8, using: &random) == 0 {
          lanes.leave(.random(in: lanes.computations.indices, using: &random))
        }
        takeFinished(&lanes, seed)
        takeFinished(&others, seed)
      }
      while !lanes.computations.isEmpty {
        _ = lanes.advance(atMost: 7)
        takeFinished(&lanes, seed)
      }
    }
  }

  private func fill(_ lanes: inout BcryptLanes, by random: inout SeededGenerator) {
    while lanes.computations.count < lanes.capacity, Int.random(in: 0..<8, using: &random) > 0 {
      lanes.join(BcryptComputation(.random(by: &random)))
    }
  }

  private func takeFinished(_ lanes: inout BcryptLanes, _ seed: UInt64) {
    for lane in lanes.computations.indices.reversed() where lanes.computations[lane].roundsLeft == 0 {
      let computation = lanes.leave(lane)
      #expect(computation.digest == computation.job.digestByLibcrypto(), "seed \(seed)")
    }
  }

  @Test func `nobody is advanced beyond where they have to stop`() {
    var lanes = BcryptLanes(capacity: 2)
    lanes.join(BcryptComputation(BcryptJob(key: [], salt: Array(0..<16), cost: 4, effort: 5)))
    lanes.join(BcryptComputation(BcryptJob(key: [], salt: Array(0..<16), cost: 5)))
    #expect(lanes.advance(atMost: 10) == 10)
    #expect(lanes.advance(atMost: 10) == 6)
    #expect(lanes.computations[0].digest != nil)
    #expect(lanes.computations[1].digest == nil)
    #expect(lanes.advance(atMost: 100) == 16)
    #expect(lanes.computations.allSatisfy { $0.roundsLeft == 0 })
  }

  enum Departure: CaseIterable {
    case done, cancelled, suspended
  }

  @Test(arguments: Departure.allCases, [0, 1, 2])
  func `nothing of a job stays in the lane that it left`(departure: Departure, lane: Int) {
    var random = SeededGenerator(seed: 1)
    var lanes = BcryptLanes(capacity: 3)
    for _ in 0..<3 { lanes.join(BcryptComputation(.random(by: &random))) }
    _ = lanes.advance(atMost: departure == .done ? 1 << 6 : 1)
    if departure == .suspended { _ = lanes.suspend(lane) } else { lanes.leave(lane) }
    // The last of the others has moved into the gap.
    let bytes = (0..<3).map { lane in unsafe lanes.slab.contents(of: lane).withUnsafeBytes { unsafe Array($0) } }
    #expect(bytes[2].allSatisfy { $0 == 0 })
    #expect(bytes[1].contains { $0 != 0 })
    #expect(lanes.computations.count == 2)
  }
}
