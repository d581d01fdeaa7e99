/// Computations that advance together on one thread, each with an `Owner` who wants its digest. They join and leave between two
/// rounds, each at its own cost.
struct BcryptLanes<Owner>: ~Copyable {
  let capacity: Int
  private(set) var slab: BlowfishSlab
  /// What is in each lane that is in use. These are the first ones, without a gap.
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

  /// Advances all computations by the same number of rounds: `limit`, or fewer where one of them comes to its digest or its end.
  ///
  /// - Returns: that number.
  mutating func advance(atMost limit: Int) -> Int {
    let rounds = entries.reduce(limit) { min($0, $1.computation.roundsToNextStop) }
    slab.mix(entries.count, rounds: rounds)
    for lane in entries.indices { entries[lane].computation.advance(by: rounds, in: &slab, lane: lane) }
    return rounds
  }

  /// Takes a computation out and wipes its lane. The last one takes its place.
  @discardableResult
  mutating func leave(_ lane: Int) -> (owner: Owner, computation: BcryptComputation) {
    let last = entries.count - 1
    if lane < last { slab.move(last, to: lane) } else { slab.wipe(lane) }
    entries.swapAt(lane, last)
    return entries.removeLast()
  }

  /// The same for one that will go on elsewhere.
  mutating func suspend(_ lane: Int) -> (owner: Owner, computation: BcryptComputation) {
    entries[lane].computation.suspend(slab, lane: lane)
    return leave(lane)
  }
}
