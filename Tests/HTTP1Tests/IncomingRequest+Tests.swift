import NIOCore
import NIOHTTP1

@testable import HTTP1

extension IncomingRequest {
  func isWhole(_ method: HTTPMethod, _ body: String) -> Bool {
    if case .whole(let head, let buffer) = self { head.method == method && String(buffer: buffer) == body } else { false }
  }

  var isTooLarge: Bool {
    if case .tooLarge = self { true } else { false }
  }

  var refusal: Refusal? {
    if case .refused(let refusal) = self { refusal } else { nil }
  }
}
