import NIOCore
import NIOHTTP1
import Testing

@testable import HTTP1

/// The rules of a connection, without one.
@Suite struct ConnectionStateMachineTests {
  static let limits = ConnectionLimits(
    largestHead: 1_000, mostFields: 10, largestBody: 100, timeout: .seconds(30), keepAliveTimeout: .seconds(75))
  static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
  var connection = ConnectionStateMachine(limits)
  var now = start

  static func head(_ headers: HTTPHeaders = [:]) -> HTTPRequestHead {
    HTTPRequestHead(version: .http1_1, method: .POST, uri: "/", headers: HTTPHeaders([("host", "a")] + headers.map { ($0, $1) }))
  }

  mutating func begin(_ headers: HTTPHeaders = [:]) -> ConnectionActions {
    connection.receive(Self.head(headers), now: now)
  }

  mutating func add(_ count: Int) -> ConnectionActions {
    connection.receive(ByteBuffer(repeating: 1, count: count))
  }

  mutating func end() -> ConnectionActions {
    connection.receiveEnd(now: now)
  }

  mutating func send(_ headers: HTTPHeaders = [:]) -> ConnectionActions {
    _ = begin(headers)
    return end()
  }

  mutating func respond() -> ConnectionActions {
    connection.respond(now: now).actions
  }

  mutating func quiesce(isAllSent: Bool = true) -> ConnectionActions {
    connection.quiesce(isAllSent: isAllSent)
  }

  // MARK: Requests

  @Test mutating func `a request is passed on when its end has come`() {
    #expect(begin() == .none)
    #expect(add(1) == .none)
    #expect(add(2) == .none)
    #expect(end() == ConnectionActions(request: .whole(Self.head(), ByteBuffer(repeating: 1, count: 3))))
    #expect(connection.input == .head)
  }

  @Test mutating func `a body that turns out too large is passed on without it, and its rest is dropped`() {
    #expect(begin() == .none)
    #expect(add(100) == .none)
    #expect(add(1) == ConnectionActions(request: .tooLarge(Self.head())))
    #expect(add(1_000) == .none)
    #expect(end() == .none)
    #expect(connection.input == .head)
  }

  @Test mutating func `a body that is announced too large is passed on at once`() {
    let headers: HTTPHeaders = ["content-length": "101"]
    #expect(begin(headers) == ConnectionActions(request: .tooLarge(Self.head(headers))))
    #expect(add(101) == .none)
    #expect(end() == .none)
  }

  @Test mutating func `the last request ends with all input discarded`() {
    #expect(send(["connection": "close"]).discarding == .everything)
    #expect(connection.input == .discarded)
    #expect(begin() == .none)
    #expect(end() == .none)
    #expect(connection.refuse(.malformed, now: now) == .none)
    #expect(respond() == ConnectionActions(closing: .output))
  }

  @Test mutating func `what is refused is passed on as such, and ends the connection`() {
    let refused = ConnectionActions(discarding: .everything, request: .refused(.malformed))
    #expect(connection.refuse(.malformed, now: now) == refused)
    #expect(connection.input == .discarded)
    #expect(respond() == ConnectionActions(closing: .output))
  }

  @Test(
    arguments: [
      (.malformed, .everything), (.unknownTransferCoding, .everything), (.tooManyRequests, .everything),
      (.headTooLarge, .bounded),
      (.framingTooLarge, .bounded),
    ] as [(Refusal, ConnectionActions.Discarding)])
  mutating func `what a client sends without end is discarded up to a bound`(
    _ refusal: Refusal, _ expected: ConnectionActions.Discarding
  ) {
    #expect(connection.refuse(refusal, now: now).discarding == expected)
  }

  @Test mutating func `a refused body takes the place of its request`() {
    _ = begin()
    #expect(connection.refuse(.malformed, now: now).request == .refused(.malformed))
    #expect(connection.responsesDue.count == 1)
  }

  @Test(
    arguments: [
      ["transfer-encoding": "chunked", "content-length": "1"], ["transfer-encoding": "gzip, chunked", "content-length": "1"],
      ["transfer-encoding": ""], ["host": "a"],
    ] as [HTTPHeaders])
  mutating func `a head that breaks a rule is refused`(_ headers: HTTPHeaders) {
    #expect(begin(headers).request == .refused(.malformed))
  }

  // MARK: 100 Continue

  private static let waits: HTTPHeaders = ["expect": "100-continue", "content-length": "1"]

  @Test mutating func `a client that waits is told to go on when its request is first`() {
    #expect(begin(Self.waits) == ConnectionActions(sendsContinue: true))
    _ = end()
    #expect(begin(Self.waits) == .none)
    #expect(respond() == ConnectionActions(sendsContinue: true))
  }

  @Test mutating func `a client that has stopped waiting is not told to go on`() {
    _ = send()
    _ = begin(Self.waits)
    _ = add(1)
    #expect(respond() == .none)
  }

  @Test mutating func `a client that is refused is not told to go on`() {
    _ = send()
    _ = begin(Self.waits)
    _ = connection.refuse(.malformed, now: now)
    #expect(respond() == .none)
    #expect(respond() == ConnectionActions(closing: .output))
  }

  // MARK: Framing

  @Test mutating func `bytes that are not body are counted for each request, and bodies pay for their chunks`() {
    connection.count(2_000)
    _ = begin()
    #expect(connection.refusalByCount == nil)
    connection.count(60)
    #expect(connection.refusalByCount == .framingTooLarge)
    _ = add(10)
    #expect(connection.refusalByCount == nil)
    connection.count(1)
    #expect(connection.refusalByCount == .framingTooLarge)
    _ = end()
    #expect(connection.refusalByCount == nil)
    connection.count(2_001)
    #expect(connection.refusalByCount == .headTooLarge)
    _ = connection.refuse(.headTooLarge, now: now)
    #expect(connection.refusalByCount == nil)
  }

  // MARK: Reading

  @Test mutating func `reads are held back while eight responses are due`() {
    for _ in 1...8 {
      #expect(connection.read() == true)
      _ = send()
    }
    #expect(connection.read() == false)
    #expect(respond() == ConnectionActions(reads: true))
    #expect(respond() == .none)
  }

  @Test mutating func `what is discarded is read at once`() {
    for _ in 1...7 { _ = send() }
    _ = send(["connection": "close"])
    #expect(connection.read() == true)
  }

  // MARK: Endings

  @Test mutating func `a client that has closed its side gets what is due, and then our side closes`() {
    _ = send()
    _ = send()
    #expect(connection.inputClosed() == .none)
    #expect(connection.respond(now: now) == (.open, .none))
    #expect(connection.respond(now: now) == (.closed, ConnectionActions(closing: .output)))
    #expect(connection.outputClosed() == .none)
  }

  @Test mutating func `a client that closes its side while nothing is due has ours closed, once`() {
    #expect(connection.inputClosed() == ConnectionActions(closing: .output))
    #expect(connection.inputClosed() == .none)
    #expect(begin() == .none)
  }

  @Test mutating func `a server that stops closes a connection on which nothing is due, when all is sent`() {
    for isAllSent in [true, false] {
      connection = ConnectionStateMachine(Self.limits)
      _ = send()
      _ = respond()
      let closing: ConnectionActions.Closing = isAllSent ? .atOnce : .output
      #expect(quiesce(isAllSent: isAllSent) == ConnectionActions(discarding: .everything, closing: closing))
    }
    #expect(connection.outputClosed() == ConnectionActions(closing: .soon))
  }

  @Test mutating func `a server that stops waits a second for the first request of a connection, which is the last`() {
    #expect(quiesce() == ConnectionActions(closing: .unlessUsed))
    _ = begin()
    #expect(connection.endUnlessUsed(isAllSent: true) == .none)
    #expect(end() == ConnectionActions(discarding: .everything, request: .whole(Self.head(), ByteBuffer())))
    #expect(connection.respond(now: now) == (.closed, ConnectionActions(closing: .output)))
    #expect(connection.endUnlessUsed(isAllSent: true) == .none)

    connection = ConnectionStateMachine(Self.limits)
    _ = quiesce()
    #expect(connection.endUnlessUsed(isAllSent: true) == ConnectionActions(discarding: .everything, closing: .atOnce))
    #expect(begin() == .none)

    connection = ConnectionStateMachine(Self.limits)
    _ = quiesce()
    #expect(connection.inputClosed() == ConnectionActions(closing: .output))
    #expect(connection.endUnlessUsed(isAllSent: true) == .none)
  }

  @Test mutating func `a client that has closed its side is not waited for by a server that stops`() {
    _ = connection.inputClosed()
    #expect(quiesce().closing == .soon)
  }

  @Test mutating func `a server that stops accepts the rest of a request and no other, and the client has a second then`() {
    _ = begin()
    #expect(quiesce() == .none)
    #expect(end().discarding == .everything)
    #expect(begin() == .none)
    #expect(connection.respond(now: now) == (.closed, ConnectionActions(closing: .output)))
    #expect(connection.outputClosed() == ConnectionActions(closing: .soon))
  }

  @Test mutating func `a server that stops does not wait for the rest of a body that has its response`() {
    _ = begin(["content-length": "101"])
    _ = respond()
    #expect(quiesce() == ConnectionActions(closing: .output))
    #expect(end().discarding == .everything)
  }

  @Test mutating func `a server that stops after the last response gives the client a second`() {
    _ = send(["connection": "close"])
    _ = respond()
    #expect(quiesce() == ConnectionActions(closing: .soon))
  }
}
