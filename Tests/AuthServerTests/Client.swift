import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A client of the service as others write them: forms, cookies, status codes.
struct Client: Sendable {
  struct Answer {
    let status: UInt
    let headers: HTTPHeaders
    let text: String

    /// Empty if the body is not an object of texts.
    var json: [String: String] { (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? [:] }

    var sessionID: String? {
      headers.first(name: "set-cookie")?.firstMatch(of: /^(?:__Host-)?session_id=([^;]+)/).map { String($0.1) }
    }
  }

  /// One for all tests: it is closed by the end of the process.
  private static let client = HTTPClient(
    eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))

  let port: Int

  func call(
    _ method: HTTPMethod, _ path: String, _ fields: [String: String] = [:], cookie: String? = nil, headers: HTTPHeaders = [:]
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    request.method = method
    request.headers = headers
    if let cookie { request.headers.add(name: "cookie", value: "session_id=\(cookie)") }
    if !fields.isEmpty {
      request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
      request.body = .bytes(ByteBuffer(string: fields.map { "\($0)=\(Self.percentEncoded($1))" }.joined(separator: "&")))
    }
    let response = try await Self.client.execute(request, timeout: .minutes(10))
    let body = try await response.body.collect(upTo: 1 << 20)
    return Answer(status: response.status.code, headers: response.headers, text: String(buffer: body))
  }

  private static func percentEncoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
  }
}
