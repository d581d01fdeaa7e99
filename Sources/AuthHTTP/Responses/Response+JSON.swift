internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOFoundationEssentialsCompat

extension Response {
  /// A JSON object of texts, its members in the order in which they are given: alphabetical.
  init(json members: KeyValuePairs<String, String>) {
    self.init(inOrder: members.lazy.map { ($0.key, $0.value) })
  }

  /// A JSON object with its members in alphabetical order.
  init(status: HTTPResponse.Status = .ok, json members: [JSONMember]) {
    self.init(status: status, inOrder: members.sorted { $0.key < $1.key })
  }

  init(status: HTTPResponse.Status = .ok, inOrder members: some Sequence<JSONMember>) {
    var body = ByteBuffer()
    body.writeJSON(members)
    self.init(status: status, json: body)
  }

  /// A JSON object with its members in alphabetical order.
  init(encoding members: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings and numbers always encode: Swift's strings have no lone surrogates.
    guard var body = try? encoder.encode(members) else { preconditionFailure("a response did not encode") }
    body.append(UInt8(ascii: "\n"))
    self.init(status: .ok, json: ByteBuffer(data: body))
  }

  init(status: HTTPResponse.Status, json body: ByteBuffer) {
    self.init(status: status, headers: Self.jsonHeaders, body: ResponseBody(byteBuffer: body))
  }

  /// The headers of every response but redirects.
  private static let jsonHeaders: HTTPFields = [.contentType: "application/json"] + SecurityHeaders.fields

  /// The response itself, or without its body if the request is a `HEAD`.
  func withoutBodyIfHead(_ request: Request) -> Response {
    request.method == .head ? createHeadResponse() : self
  }
}
