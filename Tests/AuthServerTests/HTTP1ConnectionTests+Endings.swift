import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import AuthServer

/// When a connection ends, and what is still sent before.
extension HTTP1ConnectionTests {
  // MARK: Time

  @Test func `a connection that is not used is closed, and one that is used is not`() throws {
    for _ in 1...5 {
      pass(.seconds(29))
      try send()
      // However long the answer takes.
      pass(.seconds(100))
      #expect(channel.isActive)
      try answer()
    }
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
    try answer()
    pass(.seconds(29))
    #expect(channel.isActive)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `the answer to too large a body takes as long as it takes`() throws {
    try begin()
    try add("1")
    try add(String(repeating: "1", count: 100))
    pass(.seconds(29))
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    pass(.seconds(100))
    #expect(channel.isActive)
  }

  @Test func `a client that does not read its answers has half a minute to begin`() throws {
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
    `a client that has closed its side gets its answers, the last of which says so, and nothing is closed before they are sent`()
    throws
  {
    try send()
    try send()
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(!wire.isOutputClosed)
    try answer()
    #expect(try announced() == [])
    wire.holds = true
    try answer()
    #expect(!wire.isOutputClosed)
    wire.release()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
  }

  @Test func `a client that closes its side while nothing is due has the other closed`() throws {
    try send()
    try answer()
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(wire.isOutputClosed)
  }

  @Test func `a last answer that has gone out is not called back when the server stops`() throws {
    try begin(["host": "localhost", "content-length": "101", "connection": "close"])
    try answer()
    #expect(wire.isOutputClosed)
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(channel.isActive)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `a client that still sends too large a body when the server stops has a second to see its answer`() throws {
    try begin(["host": "localhost", "content-length": "101"])
    try answer()
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(channel.isActive)
    #expect(wire.isOutputClosed)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test func `a connection on which nothing is due ends when the server stops`() throws {
    try send()
    try answer()
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(!channel.isActive)
  }

  @Test func `what is due when the server stops is answered, and the last answer says that it is`() throws {
    try send()
    try begin()
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    #expect(channel.isActive)
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    #expect(try received() != nil)
    #expect(try received() != nil)
    try send()
    #expect(try received() == nil)
    try answer()
    #expect(try announced() == [])
    try answer()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
    // Nobody is waited for long now.
    #expect(channel.isActive)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }
}
