internal import NIOCore
internal import NIOHTTP1

/// A request as it came.
struct ReceivedRequest: Sendable {
  enum Content {
    case whole(HTTPRequestHead, ByteBuffer)
    /// Its body is larger than the connection takes.
    case tooLarge(HTTPRequestHead)
    case refused(RefusalReason)
  }

  let content: Content

  init(_ content: Content) {
    self.content = content
  }

  var isHead: Bool {
    switch content {
    case .whole(let head, _), .tooLarge(let head): head.method == .HEAD
    case .refused: false
    }
  }
}

/// Why a connection ends before its client wants it to.
enum RefusalReason {
  case malformed
  case headTooLarge
  case oneTooMany
}
