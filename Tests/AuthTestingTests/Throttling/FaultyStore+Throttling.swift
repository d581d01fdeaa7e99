import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  func findCounters(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    switch fault {
    case .sortsKeys: return try await base.findCounters(of: keys.sorted { $0.digest < $1.digest })
    case .findsCountersOneByOne:
      var counters: [Throttle.Counter] = []
      for key in keys {
        counters += try await base.findCounters(of: [key])
        await letOthersRun()
      }
      return counters
    default: return try await base.findCounters(of: keys.map(merged))
    }
  }

  func settle(_ attempt: Throttle.Attempt) async throws(StoreError) -> Throttle.Outcome {
    let others = memory.withLock { memory in
      defer { memory.keys.formUnion(attempt.keys) }
      return memory.keys.subtracting(attempt.keys)
    }
    let before = try await base.findCounters(of: attempt.keys)
    var after = before
    var message: OutboxMessage?
    let outcome = attempt.settle(&after, queueing: &message)
    switch fault {
    case .looksThenCounts:
      await letOthersRun()
      for (key, counter) in zip(attempt.keys, after) { try await put(counter, for: key) }
      return outcome
    case .looksThenWarns:
      guard attempt.alert != nil else { break }
      await letOthersRun()
      if let message { _ = try await base.addMessage(message, limit: .max) }
      for (key, counter) in zip(attempt.keys, after) { try await put(counter, for: key) }
      return outcome
    case .warnsStrangers: if let message { _ = try await base.addMessage(message, limit: .max) }
    case .countsNothingDuringDelay: if case .refused = outcome { return outcome }
    case .allowsSuccessDuringDelay: if case .refused = outcome, attempt.isSuccess { return .counted }
    case .countsEmailDuringDelay:
      if case .refused = outcome { try await base.count(1, for: attempt.keys[0], at: attempt.at) }
    case .countsAllKeys: for key in others { try await base.count(1, for: key, at: attempt.at) }
    case .keepsRowOfZero:
      memory.withLock { [count = zip(before, after).count { $0.count > 0 && $1.count == 0 }] in $0.rowsOfZero += count }
    default: break
    }
    return try await base.settle(altered(attempt))
  }

  /// The attempt that the fault takes it for.
  private func altered(_ attempt: Throttle.Attempt) -> Throttle.Attempt {
    var altered = attempt
    switch fault {
    case .countsFirstKeyOnly: altered.limits = Array(attempt.limits.prefix(1))
    case .keepsCounterOfEmail where attempt.isSuccess: altered.limits.removeAll { !$0.isOfNetwork }
    case .keeps32BitCounterTimes: altered.at = min(attempt.at, Timestamp(secondsSince1970: Int64(Int32.max)))
    case .warnsNoOne: altered.alert = nil
    case .warnsAtEachFailure: altered.alert = attempt.alert?.with(interval: .zero)
    case .warnsOfLock: altered.alert = attempt.alert?.with(lockNotice: .failedLogins)
    case .warnsStrangers:
      // Told already.
      altered.alert = nil
    case .forgetsKnownNetworks: altered.knownNetwork = nil
    default:
      altered.limits = attempt.limits.map { limit in
        let isOfNetwork = limit.isOfNetwork && !(fault == .clearsNetwork && attempt.isSuccess)
        return Throttle.Attempt.Limit(key: merged(limit.key), throttle: limit.throttle, isOfNetwork: isOfNetwork)
      }
    }
    return altered
  }

  private func merged(_ key: Throttle.Key) -> Throttle.Key {
    switch fault {
    case .mergesKinds: Throttle.Key(.loginEmail, digest: key.digest)
    case .foldsKeys: Throttle.Key(key.kind, digest: key.digest.lowercased())
    case .endsKeyAtNUL: Throttle.Key(key.kind, digest: String(key.digest.prefix { $0 != "\0" }))
    default: key
    }
  }

  /// Stores a counter in place of the one there is.
  private func put(_ counter: Throttle.Counter, for key: Throttle.Key) async throws(StoreError) {
    try await clear(key)
    try await base.count(counter.count, for: key, at: counter.lastAt)
  }

  func clear(_ key: Throttle.Key) async throws(StoreError) {
    let limit = Throttle.Attempt.Limit(key: key, throttle: .unlimited, isOfNetwork: false)
    _ = try await base.settle(Throttle.Attempt([limit], memory: .zero, isSuccess: true, at: .distantPast))
  }
}

extension Throttle.Alert {
  fileprivate func with(interval: Duration? = nil, lockNotice: OutboxMessage.Kind? = nil) -> Self {
    Self(
      warning: warning, lockNotice: lockNotice ?? self.lockNotice, key: key, threshold: threshold,
      interval: interval ?? self.interval)
  }
}
