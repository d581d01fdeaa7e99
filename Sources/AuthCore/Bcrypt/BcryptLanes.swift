/// Computations that advance together on one thread.
///
/// Each has an `Owner`, who waits for its digest, and a cost of its own. They join and leave between rounds.
struct BcryptLanes<Owner>: ~Copyable {
  let capacity: Int
  private(set) var slab: BlowfishSlab
  /// The computations in the lanes in use, which are always the first lanes.
  private(set) var entries: [(owner: Owner, computation: BcryptComputation)] = []

  init(capacity: Int) {
    self.capacity = capacity
    slab = BlowfishSlab(lanes: capacity)
  }

  /// - Precondition: a lane is free.
  mutating func join(_ computation: BcryptComputation, for owner: Owner) {
    precondition(entries.count < capacity, "no lane is free")
    let lane = entries.count
    entries.append((owner, computation))
    entries[lane].computation.enter(&slab, lane: lane)
  }

  /// Advances all computations by the same number of rounds: `limit`, or fewer if one of them reaches its digest or end sooner.
  ///
  /// - Returns: the number of rounds.
  mutating func advance(atMost limit: Int) -> Int {
    let rounds = entries.reduce(limit) { min($0, $1.computation.roundsToNextStop) }
    slab.mix(entries.count, rounds: rounds)
    for lane in entries.indices { entries[lane].computation.advance(by: rounds, in: &slab, lane: lane) }
    return rounds
  }

  /// Removes a computation and wipes its lane. The computation in the last lane in use moves to the lane that became free.
  @discardableResult
  mutating func leave(_ lane: Int) -> (owner: Owner, computation: BcryptComputation) {
    let last = entries.count - 1
    if lane < last { slab.move(last, to: lane) } else { slab.wipe(lane) }
    entries.swapAt(lane, last)
    return entries.removeLast()
  }

  /// Removes a computation, which keeps the contents of its lane and can continue elsewhere.
  mutating func suspend(_ lane: Int) -> (owner: Owner, computation: BcryptComputation) {
    entries[lane].computation.suspend(slab, lane: lane)
    return leave(lane)
  }
}
