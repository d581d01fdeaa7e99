internal import AuthCore

extension SettingReader {
  /// The policy that a preset and the settings file make, with a problem noted for each value that cannot be used.
  mutating func policy(from preset: AuthPolicy) -> AuthPolicy {
    var policy = preset
    for entry in file?.entries ?? [] {
      guard let key = PolicyKeys.byName[entry.key] else { continue }
      switch entry.content {
      case .text(""), .table:
        // A table of which every key is a comment is empty.
        if !PolicyKeys.tables.contains(key.name) { refuse(entry, " must have a value") }
      case .list: refuse(entry, " must be one value, not a list")
      case .text(let text):
        do { try key.set(&policy, text) } catch { refuse(entry, " \(error)") }
      }
    }
    checkThrottles(of: policy)
    return policy
  }

  private mutating func checkThrottles(of policy: AuthPolicy) {
    for keys in PolicyKeys.throttles {
      guard let throttle = keys.throttle(policy) else { continue }
      let (first, longest, lock) = ("\(keys.name).first-delay", "\(keys.name).longest-delay", "\(keys.name).lock-threshold")
      if throttle.firstDelay > throttle.longestDelay {
        refuse([first, longest], ": the first delay is longer than the longest, \(throttle.longestDelay.policyText)")
      }
      if throttle.longestDelay > policy.throttling.memory {
        refuse(
          ["throttling.memory", longest],
          ": a counter is forgotten after \(policy.throttling.memory.policyText), before its longest delay is over")
      }
      if let lockThreshold = throttle.lockThreshold, lockThreshold < throttle.threshold {
        refuse(
          [lock, "\(keys.name).threshold"], ": the lock, after \(lockThreshold), comes before the first delay")
      }
    }
  }

  /// Notes a problem with the last of these keys in the file: the preset, without them, has none.
  private mutating func refuse(_ keys: [String], _ sentence: String) {
    guard let entry = file?.entries.last(where: { keys.contains($0.key) }) else { return }
    refuse(entry, sentence)
  }
}

extension SettingReader {
  /// Notes a problem with every key of the file that is not a setting's.
  mutating func refuseUnknownKeys(besides settings: [any Setting.Type]) {
    let names = settings.map { $0.name }
    let known = Set(names).union(PolicyKeys.byName.keys).union(PolicyKeys.tables)
    // What is in an unknown table follows it.
    var (unknownTable, count) = ("", 0)
    for entry in file?.entries ?? [] where unknownTable.isEmpty || !entry.key.hasPrefix(unknownTable) {
      if entry.key == ServiceSettings.Config.name {
        refuse(entry, " cannot be set in the file itself")
      } else if !known.contains(entry.key) {
        (unknownTable, count) = (entry.key + ".", count + 1)
        // A file of something else: to look for what each line may have meant would take long.
        guard count <= 100 else { return }
        let meant = entry.key.nearest(among: known.sorted()).map { "; did you mean \($0)?" } ?? ""
        refuse(entry, " is not a setting\(meant)")
      } else if PolicyKeys.byName[entry.key] == nil, PolicyKeys.tables.contains(entry.key), entry.content != .table,
        entry.content != .text("")
      {
        refuse(entry, " must be a table of keys, not a value")
      }
    }
  }
}
