import AuthCore
import Synchronization

extension FaultyStore {
  func findFailures(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    switch fault {
    case .sortsKeys: return try await base.findFailures(of: keys.sorted { $0.text < $1.text })
    case .findsFailuresOneByOne:
      var counts: [Throttle.Counter] = []
      for key in keys {
        counts += try await base.findFailures(of: [key])
        await letOthersRun()
      }
      return counts
    case .keepsMomentOfZero:
      let moments = memory.withLock { $0.momentsOfZero }
      return zip(keys, try await base.findFailures(of: keys)).map { key, count in
        moments[key].map { Throttle.Counter(count: 0, lastAt: $0) } ?? count
      }
    default: return try await base.findFailures(of: merged(keys))
    }
  }

  func updateFailures<Answer: Sendable>(
    of keys: [Throttle.Key], _ update: @escaping @Sendable (inout [Throttle.Counter]) -> Answer
  ) async throws(StoreError) -> Answer {
    memory.withLock { $0.failureKeys.formUnion(keys) }
    if fault == .looksThenCounts {
      var counts = try await base.findFailures(of: keys)
      let answer = update(&counts)
      await letOthersRun()
      return try await base.updateFailures(of: keys) { [counts] stored in
        stored = counts
        return answer
      }
    }
    if fault == .updatesAllFailures { try await updateOthers(than: keys) }
    return try await base.updateFailures(of: merged(keys)) { [self] counts in
      let before = counts
      defer { distort(&counts, of: keys, before: before) }
      return update(&counts)
    }
  }

  /// What the fault makes of the counts that are to be stored.
  private func distort(_ counts: inout [Throttle.Counter], of keys: [Throttle.Key], before: [Throttle.Counter]) {
    for (index, key) in keys.enumerated() {
      switch fault {
      case .losesSecondFailure where index > 0: counts[index] = before[index]
      case .keepsEndedRow where counts[index].count == 0: counts[index] = before[index]
      case .keepsMomentOfZero where counts[index].count == 0:
        memory.withLock { [moment = counts[index].lastAt] in $0.momentsOfZero[key] = moment }
      case .keeps32BitCounts: counts[index].count = min(counts[index].count, Int(Int32.max))
      default: break
      }
    }
  }

  private func updateOthers(than keys: [Throttle.Key]) async throws(StoreError) {
    let others = memory.withLock { $0.failureKeys.subtracting(keys) }
    try await base.updateFailures(of: Array(others)) { counts in
      for index in counts.indices { counts[index].count += 1 }
    }
  }

  private func merged(_ keys: [Throttle.Key]) -> [Throttle.Key] {
    keys.map { key in
      switch fault {
      case .foldsKeys: Throttle.Key(stored: key.text.lowercased())
      case .endsKeyAtNUL: Throttle.Key(stored: String(key.text.prefix { $0 != "\0" }))
      default: key
      }
    }
  }
}
