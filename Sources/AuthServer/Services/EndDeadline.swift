internal import Dispatch
internal import ServiceLifecycle
internal import Synchronization

/// Ends the process some time after a signal if it has not ended by itself. It depends on none of Swift's threads, which
/// may all be stuck.
final class EndDeadline: Service {
  private let limit: Duration
  private let signals: [Int32]
  private let expire: @Sendable () -> Void
  // A queue of its own gets a thread when it needs one. The shared queues have no more threads than Swift's tasks.
  private let queue = DispatchQueue(label: "EndDeadline")
  private let sources = Mutex<[any DispatchSourceSignal]>([])

  /// - Parameter limit: how long after the signal.
  init(after limit: Duration, signals: [Int32], expire: @escaping @Sendable () -> Void) {
    self.limit = limit
    self.signals = signals
    self.expire = expire
  }

  /// Begins to watch the signals, which it does for as long as this object exists. By now they no longer end the process at once,
  /// because the group that runs services handles them.
  func run() async throws {
    watchSignals()
    try await gracefulShutdown()
  }

  func watchSignals() {
    sources.withLock { sources in
      sources = signals.map { signal in
        let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
        source.setEventHandler { [queue, limit, expire] in
          queue.asyncAfter(deadline: .now() + limit / .seconds(1), execute: expire)
        }
        source.resume()
        return source
      }
    }
  }

  deinit {
    sources.withLock { for source in $0 { source.cancel() } }
  }
}
