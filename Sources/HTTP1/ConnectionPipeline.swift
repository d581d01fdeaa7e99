package import NIOCore
internal import NIOHTTP1

extension ChannelPipeline.SynchronousOperations {
  /// Adds the handlers of a connection. The bytes of a client come out as ``IncomingRequest``s; for each of them one
  /// ``OutgoingResponse`` has to be written, in the same order.
  ///
  ///     let channel = EmbeddedChannel()
  ///     try channel.pipeline.syncOperations.addHTTP1(limits)
  ///     try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  ///     try channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
  ///     let request = try channel.readInbound(as: IncomingRequest.self)
  ///
  /// - Throws: what `addHandlers(_:)` throws.
  package func addHTTP1(_ limits: ConnectionLimits) throws {
    let connection = ConnectionHandler(limits)
    let decoder = ByteToMessageHandler(CountingDecoder(limits, for: connection))
    try addHandlers([HTTPResponseEncoder(), decoder, connection])
  }
}
