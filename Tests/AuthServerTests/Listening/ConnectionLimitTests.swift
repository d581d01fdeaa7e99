import NIOCore
import NIOEmbedded
import Testing

@testable import AuthServer

@Suite struct ConnectionLimitTests {
  private func socket(_ limit: ConnectionLimit) throws -> (channel: EmbeddedChannel, reads: ReadCounter) {
    let reads = ReadCounter()
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandlers([reads, limit.makeHandler()])
    return (channel, reads)
  }

  @Test func `a socket for whose connections there is no room accepts again when one of another socket has ended`() throws {
    let limit = ConnectionLimit(2)
    let (first, second) = (try socket(limit), try socket(limit))
    let connections = [EmbeddedChannel(), EmbeddedChannel()]
    for connection in connections {
      first.channel.pipeline.read()
      try first.channel.writeInbound(connection as any Channel)
    }
    #expect(first.reads.count == 2)
    for _ in 0..<3 { second.channel.pipeline.read() }
    #expect(second.reads.count == 0)

    connections[0].close(promise: nil)
    connections[0].embeddedEventLoop.run()
    second.channel.embeddedEventLoop.run()
    #expect(second.reads.count == 1)
  }
}
