internal import NIOCore

/// Tells a client that speaks HTTP where TLS is expected what is wrong: without it the connection would end without a word.
final class PlainHTTPRefusal: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var isRefused = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    // A method begins with a letter, and TLS with the number of its handshake, 22 (RFC 8446, 5.1).
    let first = unwrapInboundIn(data).readableBytesView.first
    guard let first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else {
      context.fireChannelRead(data)
      return context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
    isRefused = true
    let body = #"{"message":"this port speaks HTTPS, not HTTP"}"#
    let response = """
      HTTP/1.1 400 Bad Request\r
      Content-Type: application/json\r
      Content-Length: \(body.utf8.count)\r
      Connection: close\r
      \r
      \(body)
      """
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: response)), promise: nil)
    // Our side alone: closing the connection while bytes are unread would reset it, and might lose the response (RFC 9112, 9.6).
    // It ends when the client closes its side, or at the deadline for the head of a request.
    context.close(mode: .output, promise: nil)
  }
}
