internal import Synchronization

/// A line at which tasks wait for each other, so that they go on at the same time and not one by one as they are started.
final class StartingLine: Sendable {
  private struct Runners {
    var missing: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let runners: Mutex<Runners>

  init(for count: Int) {
    runners = Mutex(Runners(missing: count))
  }

  /// Returns when as many tasks have called it as the line is for.
  func waitForAll() async {
    await withCheckedContinuation { continuation in
      let released = runners.withLock { runners in
        runners.missing -= 1
        runners.waiting.append(continuation)
        return runners.missing == 0 ? runners.waiting : []
      }
      for continuation in released { continuation.resume() }
    }
  }
}
