internal import HTTP1
internal import NIOCore
internal import NIOHTTP1

/// The routes of the operations listener.
struct OperationsResponder: Sendable {
  private static let paths = "/livez, /readyz and /metrics"

  let readiness: Readiness
  /// The metrics in the text format of Prometheus.
  let metrics: @Sendable () -> String

  func response(to request: IncomingRequest, on eventLoop: any EventLoop) -> EventLoopFuture<OutgoingResponse> {
    let head: HTTPRequestHead
    switch request {
    case .whole(let whole, _): head = whole
    case .tooLarge, .refused: return eventLoop.makeSucceededFuture(.text(.badRequest, "the request is malformed or too large"))
    }
    let response = response(to: head, on: eventLoop)
    guard head.method == .HEAD else { return response }
    return response.map { OutgoingResponse(head: $0.head) }
  }

  private func response(to head: HTTPRequestHead, on eventLoop: any EventLoop) -> EventLoopFuture<OutgoingResponse> {
    let path = head.uri.utf8.prefix { $0 != UInt8(ascii: "?") }
    guard let route = [Self.livez, Self.readyz, Self.metricsPath].first(where: { path.elementsEqual($0.utf8) }) else {
      return eventLoop.makeSucceededFuture(.text(.notFound, "not found; there are \(Self.paths)"))
    }
    guard head.method == .GET || head.method == .HEAD else {
      var response = OutgoingResponse.text(.methodNotAllowed, "only GET and HEAD are allowed")
      response.head.headers.add(name: "allow", value: "GET, HEAD")
      return eventLoop.makeSucceededFuture(response)
    }
    switch route {
    case Self.readyz:
      return readiness.problem(on: eventLoop).map { problem in
        problem.map { .text(.serviceUnavailable, $0) } ?? .text(.ok, "ready")
      }
    case Self.metricsPath:
      return eventLoop.makeSucceededFuture(
        OutgoingResponse(.ok, type: "text/plain; version=0.0.4; charset=utf-8", metrics()))
    // The event loop that says so is alive, and so is the process.
    default: return eventLoop.makeSucceededFuture(.text(.ok, "alive"))
    }
  }

  private static let (livez, readyz, metricsPath) = ("/livez", "/readyz", "/metrics")
}

extension OutgoingResponse {
  fileprivate static func text(_ status: HTTPResponseStatus, _ sentence: String) -> OutgoingResponse {
    OutgoingResponse(status, type: "text/plain; charset=utf-8", sentence + "\n")
  }

  fileprivate init(_ status: HTTPResponseStatus, type: String, _ text: String) {
    let headers: HTTPHeaders = [
      "content-type": type, "content-length": "\(text.utf8.count)", "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    ]
    self.init(head: HTTPResponseHead(version: .http1_1, status: status, headers: headers), body: ByteBuffer(string: text))
  }
}
