import Foundation
import Synchronization
import Testing

@testable import AuthServer

/// One after the other, because they share a signal.
@Suite(.serialized) struct HangupSignalTests {
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

  @Test func `the function is not called once the last one has been`() async {
    let (hangup, witness) = (await HangupSignal(signal), await HangupSignal(signal))
    let calls = Atomic(0)
    let (last, seen) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
    hangup.onSignal { calls.add(1, ordering: .relaxed) }
    witness.onSignal { seen.continuation.yield() }
    hangup.stop { last.continuation.yield() }
    _ = await last.stream.first { _ in true }
    let before = calls.load(ordering: .relaxed)
    var iterator = seen.stream.makeAsyncIterator()
    for _ in 0..<100 {
      kill(getpid(), signal)
      _ = await iterator.next()
    }
    #expect(calls.load(ordering: .relaxed) == before)
    withExtendedLifetime((hangup, witness)) {}
  }
}
