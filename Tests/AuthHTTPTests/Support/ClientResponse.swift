import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import NIOCore

/// A response, with what tests look at.
struct ClientResponse: Sendable, Equatable {
  let status: Int
  let headers: HTTPFields
  let text: String

  init(_ response: TestResponse) {
    status = response.status.code
    headers = response.headers
    text = String(buffer: response.body)
  }

  init(_ response: TestClient.Response) {
    status = response.head.status.code
    headers = response.headers
    text = response.body.map { String(buffer: $0) } ?? ""
  }

  /// The members of the body; one member that shows the body if it is not a JSON object of strings and numbers.
  var json: [String: String] {
    guard let members = try? JSONDecoder().decode([String: Scalar].self, from: Data(text.utf8)) else {
      return ["not a JSON object of strings and numbers": text]
    }
    return members.mapValues(\.text)
  }

  private struct Scalar: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try (try? container.decode(String.self)) ?? "\(container.decode(Int.self))"
    }
  }

  /// The member `message`, or an empty text.
  var message: String { json["message"] ?? "" }

  /// The cookie in `Set-Cookie`, if there is one.
  var cookie: Cookie? { headers[.setCookie].map(Cookie.init) }

  /// The parts of a `Set-Cookie`.
  struct Cookie: Equatable {
    let name: String
    let value: String
    /// In alphabetical order, because the order in the header means nothing.
    let attributes: [String]

    init(_ header: String) {
      let parts = header.split(separator: "; ").map(String.init)
      let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      (name, value) = (pair[0], pair[1])
      attributes = parts.dropFirst().sorted()
    }
  }
}
