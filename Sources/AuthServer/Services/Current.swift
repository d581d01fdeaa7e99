internal import Synchronization

/// A value that is replaced as a whole while others read it.
///
/// Readers on the path of requests keep the ``Generation`` that they read last, and ask it for the ``Generation/latest``: one
/// atomic load, and no lock for which they could wait.
final class Current<Value: Sendable>: Sendable {
  private let generation: Mutex<Generation<Value>>

  init(_ value: Value) {
    generation = Mutex(Generation(value))
  }

  var latest: Generation<Value> { generation.withLock { $0 } }

  var value: Value { latest.value }

  /// Those who have read the earlier value finish with it.
  func replace(with value: Value) {
    generation.withLock { $0 = $0.succeed(by: value) }
  }
}

/// A value, and the one that replaced it.
final class Generation<Value: Sendable>: Sendable {
  let value: Value
  private let next = AtomicLazyReference<Generation>()

  fileprivate init(_ value: Value) {
    self.value = value
  }

  /// The generation in force. Those before it are freed as soon as no one has them.
  var latest: Generation {
    var latest = self
    while let next = latest.next.load() { latest = next }
    return latest
  }

  fileprivate func succeed(by value: Value) -> Generation { next.storeIfNil(Generation(value)) }
}
