import NIOCore
import NIOEmbedded
import Testing

@testable import AuthServer

@Suite struct AcceptHandlerTests {
  private let channel = EmbeddedChannel()
  private let handler: AcceptHandler

  init() throws {
    handler = AcceptHandler(channel.eventLoop)
    try channel.pipeline.syncOperations.addHandler(handler)
  }

  @Test func `a socket is closed as soon as the connections that it has accepted are set up`() throws {
    for _ in 1...2 { try channel.writeInbound(EmbeddedChannel() as any Channel) }
    var isClosed = false
    handler.stop { isClosed = true }
    handler.noteSetUp()
    #expect(!isClosed)
    handler.noteSetUp()
    #expect(isClosed)
  }

  @Test func `a socket that is to be closed accepts no more`() throws {
    let reads = ReadCounter()
    try channel.pipeline.syncOperations.addHandler(reads, position: .first)
    channel.pipeline.read()
    #expect(reads.count == 1)
    handler.stop {}
    channel.pipeline.read()
    #expect(reads.count == 1)
  }

  @Test func `a socket that has accepted no connection is closed at once`() {
    var isClosed = false
    handler.stop { isClosed = true }
    #expect(isClosed)
  }

  @Test func `a connection that is never set up has a second`() throws {
    try channel.writeInbound(EmbeddedChannel() as any Channel)
    var isClosed = false
    handler.stop { isClosed = true }
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(999))
    #expect(!isClosed)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(isClosed)
  }
}
