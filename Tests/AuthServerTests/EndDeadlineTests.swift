import Foundation
import Synchronization
import Testing

@testable import AuthServer

@Suite struct EndDeadlineTests {
  @Test func `the deadline expires after its signal, and not before its limit`() async {
    // Ignored by default, and sent by no other test.
    let signal = SIGWINCH
    let limit = Duration.milliseconds(200)
    let start = ContinuousClock.now
    let isExpired = Atomic(false)
    await withCheckedContinuation { continuation in
      let deadline = EndDeadline(after: limit, signals: [signal]) {
        if !isExpired.exchange(true, ordering: .relaxed) { continuation.resume() }
      }
      // The system takes a moment to watch for it.
      Thread.detachNewThread {
        while !isExpired.load(ordering: .relaxed) { kill(getpid(), signal) }
        withExtendedLifetime(deadline) {}
      }
    }
    #expect(ContinuousClock.now - start >= limit)
  }
}
