import Foundation
import Synchronization
import Testing

@testable import AuthServer

@Suite struct HangupSignalTests {
  // Ignored by default, and sent by no other test.
  private let signal = SIGURG

  @Test func `the function is called for a signal, also for one that came before it was known`() async {
    let hangup = await HangupSignal(signal)
    kill(getpid(), signal)
    let calls = AsyncStream<Void>.makeStream()
    hangup.onSignal { calls.continuation.yield() }
    var iterator = calls.stream.makeAsyncIterator()
    #expect(await iterator.next() != nil)
    kill(getpid(), signal)
    #expect(await iterator.next() != nil)
    withExtendedLifetime(hangup) {}
  }
}
