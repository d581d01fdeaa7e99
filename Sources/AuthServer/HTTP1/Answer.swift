internal import NIOCore
internal import NIOHTTP1

/// An answer as it goes out.
struct Answer: Sendable {
  var head: HTTPResponseHead
  var body = ByteBuffer()
}
