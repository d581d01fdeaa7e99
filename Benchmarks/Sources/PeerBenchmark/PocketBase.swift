import BenchmarkSupport
import Foundation

/// PocketBase as it is when it is started for the first time, but for a superuser, without whom it would open a browser: its collection
/// `users` lets everybody register, hashes at cost 10, and sees its own record. Limits of rates are off; were they on, more than
/// two log ins in three seconds would be refused, and the benchmark fail. It records each request in a second database.
struct PocketBase: Service {
  let path: String
  let name: String

  init(path: String) throws {
    self.path = path
    guard let version = try run([path, "--version"]).firstMatch(of: /\d+\.\d+\.\d+/) else {
      throw CommandFailure(message: "\(path) tells no version")
    }
    name = "PocketBase \(version.output)"
  }

  func start(in directory: URL) throws -> RunningServer {
    let data = directory.appending(path: "data").path(percentEncoded: false)
    _ = try run([path, "superuser", "upsert", "root@example.org", "Kk4DQuMMfZL9o", "--dir", data])
    return try RunningServer(path, in: directory, answering: "/api/health") { port in
      ["serve", "--http", "127.0.0.1:\(port)", "--dir", data]
    }
  }

  func registration(of account: Account) -> Request {
    post("records", ["email": account.email, "password": account.password, "passwordConfirm": account.password])
  }

  func logIn(to account: Account) -> Request {
    post("auth-with-password", ["identity": account.email, "password": account.password])
  }

  func read(afterLogIn answer: String) throws -> Request {
    guard let id = answer.firstMatch(of: /"id":"(\w+)"/)?.1, let token = answer.firstMatch(of: /"token":"([\w.-]+)"/)?.1 else {
      throw CommandFailure(message: "\(name) gave no token:\n\(answer)")
    }
    return Request(method: "GET", path: "\(users)/records/\(id)", header: ("Authorization", String(token)))
  }

  private let users = "/api/collections/users"

  private func post(_ route: String, _ fields: [String: String]) -> Request {
    let body = try! JSONEncoder().encode(fields)
    return Request(
      method: "POST", path: "\(users)/\(route)", header: ("Content-Type", "application/json"),
      body: String(decoding: body, as: UTF8.self))
  }
}
