package import NIOCore
package import NIOHTTP1

/// A request that needs one response.
package enum IncomingRequest: Sendable, Equatable {
  case whole(HTTPRequestHead, ByteBuffer)
  /// Its body is longer than ``ConnectionLimits/largestBody``.
  case tooLarge(HTTPRequestHead)
  /// It is not processed, and its response is the last of the connection.
  case refused(Refusal)

  /// Whether its response must have no body.
  package var isHead: Bool {
    switch self {
    case .whole(let head, _), .tooLarge(let head): head.method == .HEAD
    case .refused: false
    }
  }
}

/// Why a connection refuses a request and ends.
package enum Refusal: Sendable {
  /// It breaks a rule of RFC 9112 or RFC 9110.
  case malformed
  /// Its body has a transfer coding other than `chunked`.
  case unknownTransferCoding
  /// Its head is longer than ``ConnectionLimits/largestHead``, or has too many fields.
  case headTooLarge
  /// Its chunk extensions, trailers and other framing are longer than ``ConnectionLimits/largestFraming``.
  case framingTooLarge
  /// Too many requests are waiting for their responses.
  case tooManyRequests
}

/// A whole response to a request.
package struct OutgoingResponse: Sendable {
  package var head: HTTPResponseHead
  package var body: ByteBuffer

  package init(head: HTTPResponseHead, body: ByteBuffer = ByteBuffer()) {
    self.head = head
    self.body = body
  }
}
