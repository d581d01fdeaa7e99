import BenchmarkSupport
import Foundation

/// PocketBase as it is when it is started for the first time, but for a superuser, without whom it would open a browser: its collection
/// `users` lets everybody register, hashes at cost 10, and shows users their own records. Limits of rates are off; were they on,
/// more than two logins in three seconds would be refused, and the benchmark fail.
struct PocketBase: Service {
  let path: String
  let name: String
  /// Whether it writes each request to a second database, as it does by default. No other service here does.
  let recordsRequests: Bool

  private let superuser = Account(email: "root@example.org")
  private let collections = "/api/collections"

  init(path: String, recordsRequests: Bool) throws {
    self.path = path
    self.recordsRequests = recordsRequests
    guard let version = try run([path, "--version"]).firstMatch(of: /\d+\.\d+\.\d+/) else {
      throw CommandFailure(message: "\(path) tells no version")
    }
    name = "PocketBase \(version.output)" + (recordsRequests ? "" : ", no request log")
  }

  func start(in directory: URL) throws -> RunningServer {
    let data = directory.appending(path: "data").path(percentEncoded: false)
    _ = try run([path, "superuser", "upsert", superuser.email, superuser.password, "--dir", data])
    let server = try RunningServer(path, in: directory, answering: "/api/health") { port in
      ["serve", "--http", "127.0.0.1:\(port)", "--dir", data]
    }
    do {
      if !recordsRequests { try turnOffLog(of: server) }
    } catch {
      server.stop()
      throw error
    }
    return server
  }

  func registration(of account: Account) -> Request {
    post("users/records", ["email": account.email, "password": account.password, "passwordConfirm": account.password])
  }

  func logIn(to account: Account) -> Request { logIn(to: account, of: "users") }

  func read(afterLogIn answer: String) throws -> Request {
    guard let id = answer.firstMatch(of: /"id":"(\w+)"/)?.1 else {
      throw CommandFailure(message: "\(name) gave no id:\n\(answer)")
    }
    return Request(
      method: "GET", path: "\(collections)/users/records/\(id)", headers: ["Authorization": try token(in: answer)])
  }

  private func turnOffLog(of server: RunningServer) throws {
    let answer = try logIn(to: superuser, of: "_superusers").send(to: server)
    let headers = ["Authorization": try token(in: answer), "Content-Type": "application/json"]
    _ = try Request(method: "PATCH", path: "/api/settings", headers: headers, body: #"{"logs":{"maxDays":0}}"#).send(to: server)
  }

  private func logIn(to account: Account, of collection: String) -> Request {
    post("\(collection)/auth-with-password", ["identity": account.email, "password": account.password])
  }

  private func post(_ route: String, _ fields: [String: String]) -> Request {
    let body = try! JSONEncoder().encode(fields)
    return Request(
      method: "POST", path: "\(collections)/\(route)", headers: ["Content-Type": "application/json"],
      body: String(decoding: body, as: UTF8.self))
  }

  private func token(in answer: String) throws -> String {
    guard let token = answer.firstMatch(of: /"token":"([\w.-]+)"/)?.1 else {
      throw CommandFailure(message: "\(name) gave no token:\n\(answer)")
    }
    return String(token)
  }
}
