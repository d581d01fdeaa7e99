import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import NIOCore

/// What came back.
struct ClientResponse: Sendable, Equatable {
  let status: Int
  let headers: HTTPFields
  let text: String

  init(_ response: TestResponse) {
    status = response.status.code
    headers = response.headers
    text = String(buffer: response.body)
  }

  /// The members of the body; when it is no JSON object of strings, one member that shows it.
  var json: [String: String] {
    (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? ["not a JSON object of strings": text]
  }

  /// The member `message`, or an empty text.
  var message: String { json["message"] ?? "" }

  /// What `Set-Cookie` says, if it is there.
  var cookie: Cookie? { headers[.setCookie].map(Cookie.init) }

  /// A `Set-Cookie`, taken apart.
  struct Cookie: Equatable {
    let name: String
    let value: String
    /// In alphabetical order: theirs in the header means nothing.
    let attributes: [String]

    init(_ header: String) {
      let parts = header.split(separator: "; ").map(String.init)
      let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      (name, value) = (pair[0], pair[1])
      attributes = parts.dropFirst().sorted()
    }
  }
}
