import BenchmarkSupport
import Foundation

/// A service that is compared: how it is started, and how one speaks to it.
protocol Service {
  var name: String { get }

  /// Starts it with an empty database in the directory, hashing at ``cost``.
  func start(in directory: URL) throws -> RunningServer

  func registration(of account: Account) -> Request

  func logIn(to account: Account) -> Request

  /// The request of a user's own record, for which the service has to find out who asks and to read the account.
  ///
  /// - Parameter answer: of the login, with its head.
  func read(afterLogIn answer: String) throws -> Request
}

/// PocketBase's default: the others are set to it.
let cost = 10

struct Account {
  /// Each connection that logs in has one of its own.
  static let all = (1...16).map { Account(email: "user\($0)@example.org") }

  let email: String
  let password = "Kk4DQuMMfZL9o"
}

struct Request {
  var method: String
  var path: String
  var headers: [String: String]
  var body: String?

  /// Sends it once, and returns the answer with its head. Any status but 2xx and 3xx fails.
  func send(to server: RunningServer) throws -> String {
    try run(
      ["curl", "-sSf", "-i", "-X", method, server.address + path] + headers.flatMap { ["-H", "\($0): \($1)"] }
        + (body.map { ["--data-raw", $0] } ?? []))
  }

  /// Lua with which `wrk` sends these requests in turn. They are built before it begins, so that a fast server waits for none.
  static func script(_ requests: [Request]) -> String {
    let formats = requests.map { request in
      let headers = request.headers.map { "[ [[\($0)]] ] = [[\($1)]]" }.joined(separator: ", ")
      let body = request.body.map { "[[\($0)]]" } ?? "nil"
      return "wrk.format([[\(request.method)]], [[\(request.path)]], { \(headers) }, \(body))"
    }
    return """
      local requests
      local sent = 0
      function init()
        requests = { \(formats.joined(separator: ",\n    ")) }
      end
      function request()
        sent = sent % #requests + 1
        return requests[sent]
      end
      """
  }
}
