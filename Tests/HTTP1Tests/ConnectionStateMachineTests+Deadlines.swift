import NIOCore
import NIOHTTP1
import Testing

@testable import HTTP1

/// How long a client has.
extension ConnectionStateMachineTests {
  /// What is left of the half minute; nil when the connection has to be closed.
  private var rest: TimeAmount? { connection.nextCheck(now: now).map { $0 - now } }

  @Test mutating func `a client has half a minute for its first request, and any time for its response`() {
    connection.becomeActive(now: now)
    now = now + .seconds(29)
    #expect(rest == .seconds(1))
    connection.count(1)
    connection.readCompleted(now: now)
    #expect(rest == .seconds(1))
    _ = send()
    now = now + .seconds(100)
    #expect(rest == .seconds(30))
  }

  @Test mutating func `a client has 75 seconds until it begins a further request, from when nothing is due`() {
    connection.becomeActive(now: now)
    _ = send()
    _ = send()
    _ = respond()
    now = now + .seconds(100)
    _ = respond()
    now = now + .seconds(74)
    #expect(rest == .seconds(1))
    now = now + .seconds(1)
    #expect(rest == nil)
  }

  @Test(arguments: [false, true])
  mutating func `a client has half a minute for the rest of a head, whenever it begins`(_ isBeforeTheResponse: Bool) {
    connection.becomeActive(now: now)
    _ = send()
    if isBeforeTheResponse { connection.count(1) }
    _ = respond()
    if !isBeforeTheResponse {
      now = now + .seconds(74)
      connection.count(1)
    }
    connection.readCompleted(now: now)
    now = now + .seconds(29)
    connection.count(1)
    connection.readCompleted(now: now)
    #expect(rest == .seconds(1))
    now = now + .seconds(1)
    #expect(rest == nil)
  }

  @Test mutating func `a client has half a minute to close the connection after its last response`() {
    connection.becomeActive(now: now)
    _ = send(["connection": "close"])
    _ = respond()
    now = now + .seconds(29)
    #expect(rest == .seconds(1))
    now = now + .seconds(1)
    #expect(rest == nil)
  }

  @Test mutating func `no deadline is missed between two checks, however short the shortest is`() {
    connection = ConnectionStateMachine(
      ConnectionLimits(
        largestHead: 1_000, mostFields: 10, largestBody: 100, timeout: .seconds(30), keepAliveTimeout: .seconds(5)))
    connection.becomeActive(now: now)
    _ = send()
    #expect(rest == .seconds(5))
    _ = respond()
    #expect(rest == .seconds(5))
  }

  @Test mutating func `a client has half a minute for a body, from when one read has left it open`() {
    _ = begin()
    now = now + .seconds(100)
    #expect(rest == .seconds(30))
    connection.readCompleted(now: now)
    now = now + .seconds(10)
    _ = add(1)
    connection.readCompleted(now: now)
    #expect(rest == .seconds(20))
    _ = end()
    now = now + .seconds(100)
    #expect(rest == .seconds(30))
  }

  @Test mutating func `a body behind two responses that are due has its half minute from when one is`() {
    _ = send()
    _ = begin()
    connection.readCompleted(now: now)
    now = now + .seconds(100)
    #expect(rest == .seconds(30))
    _ = respond()
    now = now + .seconds(30)
    #expect(rest == nil)
  }

  @Test mutating func `a client has half a minute to read its responses`() {
    connection.writabilityChanged(false, now: now)
    now = now + .seconds(29)
    #expect(rest == .seconds(1))
    connection.writabilityChanged(true, now: now)
    now = now + .seconds(100)
    connection.writabilityChanged(false, now: now)
    now = now + .seconds(30)
    #expect(rest == nil)
  }
}
