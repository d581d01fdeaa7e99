import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTP1

/// When a connection ends, and what is still sent before.
extension ConnectionHandlerTests {
  // MARK: Time

  @Test func `a connection that is not used is closed, and one that is used is not`() throws {
    pass(.seconds(29))
    for _ in 1...5 {
      try send()
      // However long the response takes.
      pass(.seconds(100))
      #expect(channel.isActive)
      try respond()
      pass(.seconds(74))
      #expect(channel.isActive)
    }
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `a connection without a request is closed after half a minute`() throws {
    pass(.seconds(29))
    #expect(channel.isActive)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `a body has half a minute, however it trickles`() throws {
    try begin()
    for _ in 1...29 {
      pass(.seconds(1))
      try add("1")
    }
    #expect(channel.isActive)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `the half minute of a body begins when it is the client's turn`() throws {
    try send()
    try begin()
    pass(.seconds(100))
    #expect(channel.isActive)
    try respond()
    pass(.seconds(29))
    #expect(channel.isActive)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `the response to a body that is too large has no deadline`() throws {
    try begin()
    try add("1")
    try add(String(repeating: "1", count: 100))
    pass(.seconds(29))
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    pass(.seconds(100))
    #expect(channel.isActive)
  }

  @Test func `a client that does not read its responses has half a minute to begin`() throws {
    try send()
    setWritable(false)
    pass(.seconds(29))
    setWritable(true)
    pass(.seconds(100))
    #expect(channel.isActive)
    setWritable(false)
    pass(.seconds(30))
    #expect(!channel.isActive)
  }

  private func setWritable(_ isWritable: Bool) {
    channel.isWritable = isWritable
    channel.pipeline.fireChannelWritabilityChanged()
  }

  // MARK: The end

  @Test
  func
    `a client that has closed its side gets its responses, the last of which says so, and our side is closed after them`()
    throws
  {
    try send()
    try send()
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(!wire.isOutputClosed)
    try respond()
    #expect(try announced() == [])
    wire.holds = true
    try respond()
    #expect(!wire.isOutputClosed)
    wire.release()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
  }

  @Test func `a client that closes its side while nothing is due has the other closed`() throws {
    try send()
    try respond()
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(wire.isOutputClosed)
  }

  @Test func `a last response that is on its way arrives though the server stops`() throws {
    try begin(["host": "localhost", "content-length": "101", "connection": "close"])
    try respond()
    #expect(wire.isOutputClosed)
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(channel.isActive)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `a client that still sends a body that is too large has a second to read its response when the server stops`() throws
  {
    try begin(["host": "localhost", "content-length": "101"])
    try respond()
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(channel.isActive)
    #expect(wire.isOutputClosed)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `a connection on which nothing is due ends when the server stops`() throws {
    try send()
    try respond()
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(!channel.isActive)
  }

  @Test func `the first request of a connection has a second to come after the server has begun to stop`() throws {
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(channel.isActive && !wire.isOutputClosed)
    try send()
    #expect(try received() != nil)
    pass(.seconds(1))
    #expect(channel.isActive)
    try respond()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
  }

  @Test func `a connection without a request ends a second after the server has begun to stop`() throws {
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    pass(.milliseconds(999))
    #expect(channel.isActive)
    pass(.milliseconds(1))
    #expect(!channel.isActive)
  }

  @Test func `what is due when the server stops gets its response, and the last says that it is the last`() throws {
    try send()
    try begin()
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(channel.isActive)
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    #expect(try received() != nil)
    #expect(try received() != nil)
    try send()
    #expect(try received() == nil)
    try respond()
    #expect(try announced() == [])
    try respond()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
    // The client is not waited for long now.
    #expect(channel.isActive)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }
}
