/// Computations that advance together on one thread. They join and leave between two rounds, each at its own cost.
struct BcryptLanes: ~Copyable {
  let capacity: Int
  let slab: BlowfishSlab
  /// The computation of each lane that is in use. These are the first ones, without a gap.
  private(set) var computations: [BcryptComputation] = []

  init(capacity: Int) {
    self.capacity = capacity
    slab = BlowfishSlab(lanes: capacity)
  }

  /// - Precondition: a lane is free.
  mutating func join(_ computation: BcryptComputation) {
    precondition(computations.count < capacity, "no lane is free")
    computations.append(computation)
    let lane = computations.count - 1
    computations[lane].enter(slab, lane: lane)
  }

  /// Gives every computation as many further rounds, at most `limit`, and none more than it needs.
  ///
  /// - Returns: how many.
  mutating func advance(atMost limit: Int) -> Int {
    let rounds = computations.reduce(limit) { min($0, $1.roundsToNextStop) }
    slab.mix(computations.count, rounds: rounds)
    for lane in computations.indices { computations[lane].noteRounds(rounds, in: slab, lane: lane) }
    return rounds
  }

  /// Takes a computation out and wipes its lane. The last one takes its place.
  @discardableResult
  mutating func leave(_ lane: Int) -> BcryptComputation {
    let last = computations.count - 1
    if lane < last { slab.move(last, to: lane) } else { slab.wipe(lane) }
    computations.swapAt(lane, last)
    return computations.removeLast()
  }

  /// The same for one that will go on elsewhere.
  mutating func suspend(_ lane: Int) -> BcryptComputation {
    computations[lane].suspend(slab, lane: lane)
    return leave(lane)
  }
}
