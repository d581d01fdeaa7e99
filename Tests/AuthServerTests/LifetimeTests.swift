import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import Testing
import UnixSignals

@testable import AuthServer

@Suite(.timeLimit(.minutes(5))) struct LifetimeTests {
  private struct Waiting: Service {
    let onStart: @Sendable () -> Void

    func run() async throws {
      onStart()
      try await gracefulShutdown()
    }
  }

  @Test func `a process whose store does not close is ended some time after the signal`() async throws {
    let isExpired = Atomic(false)
    let (expired, expiry) = AsyncStream<Void>.makeStream()
    // A signal that does nothing by default, and is sent by no other test.
    let lifetime = await Lifetime(gracePeriod: .milliseconds(50), endPeriod: .milliseconds(50), signals: [.sigcont]) {
      isExpired.store(true, ordering: .relaxed)
      expiry.yield()
    }
    let service = Waiting {
      // The deadline takes a moment to watch for it.
      Thread.detachNewThread {
        while !isExpired.load(ordering: .relaxed) {
          kill(getpid(), SIGCONT)
          usleep(1000)
        }
      }
    }
    try await lifetime.run([service], Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
      await expired.first { _ in true }
    }
  }

  @Test func `a signal that comes before the services run stops them when they do`() async throws {
    // Sent by no other test, and one that would end the process.
    // On a busy machine the test may take longer than its deadline, which would end all tests.
    let lifetime = await Lifetime(signals: [.sigusr2]) {}
    kill(getpid(), SIGUSR2)
    try await lifetime.run([Waiting {}], Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {}
  }
}
