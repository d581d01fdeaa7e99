internal import NIOCore
internal import NIOHTTP1

/// NIO's decoder of requests, with a count of the bytes that arrive. On its own it skips any number of bytes without counting
/// them, and keeps some in memory: empty lines before a request, white space in its head, extensions of chunks.
final class CountingDecoder: ByteToMessageDecoder {
  typealias InboundOut = HTTPServerRequestPart

  private let decoder: HTTPRequestDecoder
  /// The handler that follows this decoder.
  private let connection: ConnectionHandler
  /// How many bytes of earlier reads the decoder has not consumed.
  private var kept = 0

  init(_ limits: ConnectionLimits, for connection: ConnectionHandler) {
    var configuration = NIOHTTPDecoderLimitConfiguration()
    configuration.maxHeaderListSize = limits.largestHead
    configuration.maxHeaderFieldCount = limits.mostFields
    decoder = HTTPRequestDecoder(limitConfiguration: configuration)
    self.connection = connection
  }

  func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    connection.count(buffer.readableBytes - kept)
    let state = try decoder.decode(context: context, buffer: &buffer)
    kept = buffer.readableBytes
    // Thrown, so that nothing more is decoded.
    if let refusal = connection.refusalByCount { throw RefusedByCount(refusal: refusal) }
    return state
  }

  func decodeLast(context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool) throws -> DecodingState {
    try decoder.decodeLast(context: context, buffer: &buffer, seenEOF: seenEOF)
  }

  func decoderAdded(context: ChannelHandlerContext) {
    decoder.decoderAdded(context: context)
  }

  func decoderRemoved(context: ChannelHandlerContext) {
    decoder.decoderRemoved(context: context)
  }
}

/// Too many bytes of the request are not part of its body.
struct RefusedByCount: Error {
  let refusal: Refusal
}
