import Testing

@testable import AuthCore

@Suite struct BcryptLanesTests {
  private static let widths = 1...BlowfishSlab.maximumLanes
  private static let seeds: [UInt64] = [20_261_125, .random(in: 0...UInt64.max)]

  /// Where everything takes ten times as long, vectors of a greater cost are left to ``BcryptVectorTests``, at one width.
  private static let vectors = BcryptVector.plain.filter {
    #if DEBUG || FEW_TRIALS
    BcryptString(parsing: PasswordHash($0.hash))!.cost <= 6
    #else
    true
    #endif
  }

  @Test(arguments: widths)
  func `published passwords hash to their published digests at every width`(width: Int) throws {
    var published = try Self.vectors.map { try ($0, #require(BcryptString(parsing: PasswordHash($0.hash)))) }
    // The greatest cost first: otherwise those would run alone at the end.
    published.sort { $0.1.cost < $1.1.cost }
    var lanes = BcryptLanes<[UInt8]>(capacity: width)
    while !published.isEmpty || !lanes.entries.isEmpty {
      while lanes.entries.count < width, let (vector, hash) = published.popLast() {
        let job = BcryptJob(key: vector.visible, salt: hash.salt, cost: hash.cost)
        lanes.join(BcryptComputation(job), for: hash.digest)
      }
      _ = lanes.advance(atMost: 1 << 20)
      takeFinished(&lanes) { #expect($0.digest == $1) }
    }
  }

  /// Jobs join at random moments; some leave before they are done, and some continue in other lanes.
  @Test(arguments: seeds)
  func `jobs that join, leave and change lanes at random have the digests of libcrypto and crypt(3)`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func check(_ computation: BcryptComputation) {
      #expect(computation.digest == computation.job.digestByLibcrypto(), "seed \(seed)")
      if Libxcrypt.isAvailable { #expect(computation.digest == computation.job.digestByLibxcrypt(), "seed \(seed)") }
    }
    for width in Self.widths {
      var lanes = BcryptLanes<Void>(capacity: width)
      var others = BcryptLanes<Void>(capacity: BlowfishSlab.maximumLanes)
      var turns = Trials.turnsOfEachWidth
      while turns > 0 || !lanes.entries.isEmpty || !others.entries.isEmpty {
        turns -= 1
        while turns > 0, lanes.entries.count < width, Int.random(in: 0..<8, using: &random) > 0 {
          lanes.join(BcryptComputation(.random(by: &random)), for: ())
        }
        _ = lanes.advance(atMost: .random(in: 1...20, using: &random))
        _ = others.advance(atMost: .random(in: 1...20, using: &random))
        if let lane = lanes.entries.indices.randomElement(using: &random) {
          switch Int.random(in: 0..<8, using: &random) {
          case 0: lanes.leave(lane)
          case 1...4 where others.entries.count < others.capacity: others.join(lanes.suspend(lane).computation, for: ())
          default: break
          }
        }
        takeFinished(&lanes) { computation, _ in check(computation) }
        takeFinished(&others) { computation, _ in check(computation) }
      }
    }
  }

  private func takeFinished<Owner>(_ lanes: inout BcryptLanes<Owner>, _ check: (BcryptComputation, Owner) -> Void) {
    for lane in lanes.entries.indices.reversed() where lanes.entries[lane].computation.roundsLeft == 0 {
      let (owner, computation) = lanes.leave(lane)
      check(computation, owner)
    }
  }

  @Test func `no job advances past its next stop`() {
    var lanes = BcryptLanes<Void>(capacity: 2)
    lanes.join(BcryptComputation(BcryptJob(key: [], salt: Array(0..<16), cost: 4, effort: 5)), for: ())
    lanes.join(BcryptComputation(BcryptJob(key: [], salt: Array(0..<16), cost: 5)), for: ())
    #expect(lanes.advance(atMost: 10) == 10)
    #expect(lanes.advance(atMost: 10) == 6)
    #expect(lanes.entries[0].computation.digest != nil)
    #expect(lanes.entries[1].computation.digest == nil)
    #expect(lanes.advance(atMost: 100) == 16)
    #expect(lanes.entries.allSatisfy { $0.computation.roundsLeft == 0 })
  }

  @Test func `the copy with which a job changes lanes is released on arrival`() {
    var lanes = BcryptLanes<Void>(capacity: 1)
    weak var copy: SecretBytes?
    func changeLanes() {
      let computation = lanes.suspend(0).computation
      copy = computation.suspended
      #expect(copy != nil)
      lanes.join(computation, for: ())
    }
    lanes.join(BcryptComputation(BcryptJob(key: [1], salt: Array(0..<16), cost: 4)), for: ())
    changeLanes()
    #expect(copy == nil)
    #expect(lanes.entries[0].computation.roundsLeft > 0)
  }

  enum Departure: CaseIterable {
    case done, abandoned, suspended
  }

  @Test(arguments: Departure.allCases, [0, 1, 2])
  func `a job leaves nothing behind in its lane`(departure: Departure, lane: Int) {
    var lanes = BcryptLanes<Void>(capacity: 3)
    for key: UInt8 in 1...3 {
      lanes.join(BcryptComputation(BcryptJob(key: [key], salt: Array(0..<16), cost: 4)), for: ())
    }
    _ = lanes.advance(atMost: departure == .done ? 16 : 1)
    let left = departure == .suspended ? lanes.suspend(lane) : lanes.leave(lane)
    #expect((left.computation.roundsLeft == 0) == (departure == .done))
    // The job in the last lane has moved into the gap.
    let bytes = (0..<3).map { lane in unsafe lanes.slab.contents(of: lane).withUnsafeBytes { unsafe Array($0) } }
    #expect(bytes[2].allSatisfy { $0 == 0 })
    #expect(bytes[1].contains { $0 != 0 })
    #expect(lanes.entries.count == 2)
  }
}
