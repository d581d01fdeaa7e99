import BenchmarkSupport
import Foundation

/// A service with the routes of the specification.
protocol SpecifiedService: Service {}

extension SpecifiedService {
  func registration(of account: Account) -> Request { form("/users", account) }

  func logIn(to account: Account) -> Request { form("/sessions", account) }

  func read(afterLogIn answer: String) throws -> Request {
    guard let cookie = answer.firstMatch(of: /session_id=[^;\s]+/) else {
      throw CommandFailure(message: "\(name) set no cookie:\n\(answer)")
    }
    return Request(method: "GET", path: "/profile", headers: ["Cookie": String(cookie.output)])
  }

  private func form(_ path: String, _ account: Account) -> Request {
    Request(
      method: "POST", path: path, headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: "email=\(account.email)&password=\(account.password)")
  }
}

struct AuthServer: SpecifiedService {
  let path: String
  let name = "AuthServer"

  func start(in directory: URL) throws -> RunningServer {
    try .authServer(path, in: directory, ["--bcrypt-cost", "\(cost)"])
  }
}

/// The specification as it was given, in Python: `Benchmarks/Peers/flask`.
struct FlaskService: SpecifiedService {
  /// An environment's, with what is in `Benchmarks/Peers/requirements.txt`.
  let python: String
  let directory: String
  let name: String

  init(python: String, directory: String) throws {
    self.python = python
    self.directory = URL(filePath: directory).path(percentEncoded: false)
    let version = try run([python, "-c", "from importlib.metadata import version; print(version('flask'), end='')"])
    name = "Flask \(version)"
  }

  func start(in directory: URL) throws -> RunningServer {
    // Python would leave its bytecode beside the source, gunicorn a socket in the home directory.
    try RunningServer(python, in: directory, environment: ["PYTHONDONTWRITEBYTECODE": "1"]) { port in
      [
        "-m", "gunicorn", "--bind", "127.0.0.1:\(port)", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket",
        "--pythonpath", self.directory, "app:app",
      ]
    }
  }
}
