internal import AuthCore
internal import FoundationEssentials
package import HTTPTypes
package import Hummingbird
internal import NIOCore
internal import NIOFoundationEssentialsCompat

extension Response {
  /// A JSON object of strings, its members in the order in which they are given: alphabetical.
  init(status: HTTPResponse.Status = .ok, json members: KeyValuePairs<String, String>) {
    var body = ByteBuffer()
    body.writeJSON(members)
    self.init(status: status, json: body)
  }

  /// A JSON object with its members in alphabetical order.
  init(encoding members: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // What answers are made of always encodes: Swift's strings have no lone surrogates.
    guard var body = try? encoder.encode(members) else { preconditionFailure("an answer did not encode") }
    body.append(UInt8(ascii: "\n"))
    self.init(status: .ok, json: ByteBuffer(data: body))
  }

  private init(status: HTTPResponse.Status, json body: ByteBuffer) {
    self.init(status: status, headers: Self.jsonHeaders, body: ResponseBody(byteBuffer: body))
  }

  /// Of all answers but redirections.
  private static let jsonHeaders: HTTPFields = [.contentType: "application/json"] + SecurityHeaders.fields

  /// An error as every client gets it.
  package init(_ status: HTTPResponse.Status, message: String) {
    self.init(status: status, json: ["message": message])
  }

  static var notLoggedIn: Response { Response(.invalidSession) }

  /// What an error means to a client, wherever it comes from.
  init(_ error: AuthError) {
    switch error {
    case .userExists, .invalidEmail, .invalidPassword, .unacceptableHash:
      self.init(.badRequest, message: error.description)
    case .unknownUser, .invalidResetToken, .invalidSession, .wrongPassword, .reauthenticationRequired:
      self.init(.forbidden, message: error.description)
    case .throttled(let retryAfter):
      self.init(.tooManyRequests, message: error.description)
      headers[.retryAfter] = "\(retryAfter.wholeSecondsRoundedUp)"
    case .overloaded(let retryAfter):
      self.init(.serviceUnavailable, message: error.description)
      headers[.retryAfter] = "\(retryAfter.wholeSecondsRoundedUp)"
    case .unavailable:
      self.init(.serviceUnavailable, message: "the store is unavailable, try again later")
      headers[.retryAfter] = "1"
    case .conflict, .cancelled:
      self.init(.serviceUnavailable, message: error.description)
      headers[.retryAfter] = "1"
    }
  }
}
