internal import Dispatch
internal import Synchronization

/// Ends the process some time after a signal if it has not ended by itself. It depends on none of Swift's threads, which
/// may all be stuck.
final class EndDeadline: Sendable {
  // A queue of its own gets a thread when it needs one. The shared queues have no more threads than Swift's tasks.
  private let queue = DispatchQueue(label: "EndDeadline")
  private let sources = Mutex<[any DispatchSourceSignal]>([])

  /// Watches the signals, which must end no process at once by now, for as long as this object exists.
  ///
  /// - Parameter limit: how long after the signal.
  init(after limit: Duration, signals: [Int32], expire: @escaping @Sendable () -> Void) {
    sources.withLock { sources in
      sources = signals.map { signal in
        let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
        source.setEventHandler { [queue] in
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
