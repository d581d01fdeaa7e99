/// What all deliveries of queued things have in common, messages and account events.
enum DeliveryLoop {
  /// How long a worker has a thing to itself.
  static let claim = Duration.seconds(120)

  /// The shortest and the longest wait after a failure.
  private static let (first, longest) = (Duration.seconds(5), Duration.seconds(900))

  /// The wait after a failure, which doubles with each try.
  static func delay(afterTries tries: Int) -> Duration { min(first * (1 << min(max(tries, 1) - 1, 16)), longest) }

  /// Calls `next` until the task is cancelled, by several workers, each of which waits after `next` has found nothing.
  static func run(workers: Int, interval: Duration, next: @escaping @Sendable () async -> Bool) async {
    await withTaskGroup { group in
      for _ in 0..<max(workers, 1) {
        group.addTask {
          while !Task.isCancelled {
            if await next() { continue }
            try? await Task.sleep(for: interval)
          }
        }
      }
    }
  }
}
