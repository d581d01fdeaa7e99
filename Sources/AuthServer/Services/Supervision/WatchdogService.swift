internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// Gives the supervisor signs of life, as long as Swift's threads and every event loop make progress: a server in which they are
/// stuck is helped by a restart. One whose store fails is not, so the store is not asked.
struct WatchdogService: Service {
  let interval: Duration
  let notify: @Sendable () -> Void
  let eventLoops: any EventLoopGroup
  let sleep: @Sendable (Duration) async throws -> Void

  init(
    interval: Duration, eventLoops: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    notify: @escaping @Sendable () -> Void
  ) {
    self.interval = interval
    self.eventLoops = eventLoops
    self.sleep = sleep
    self.notify = notify
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        for eventLoop in eventLoops.makeIterator() { try? await eventLoop.submit {}.get() }
        notify()
        // Twice as often as is asked for, as sd_watchdog_enabled(3) recommends.
        try? await sleep(interval / 2)
      }
    }
  }
}
