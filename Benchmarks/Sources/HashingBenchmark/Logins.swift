import AuthCore
import BenchmarkSupport
import Foundation

/// More than two processors have lanes, so that there some wait. Each has an account of its own.
private let connections = 16

/// Logins over HTTP.
func measureLogIns(cost: Int, seconds: Int, server: String, _ report: inout Report) throws {
  try withTemporaryDirectory { directory in
    let running = try RunningServer.authServer(server, in: directory, ["--bcrypt-cost", "\(cost)"])
    defer { running.stop() }
    for account in 1...connections {
      _ = try run([
        "curl", "-sSf", "\(running.address)/users", "-d", "email=user\(account)@me.com", "-d", "password=\(Crypt.password)",
      ])
    }
    let before = Crypt.seconds(cost: cost)
    let load = try wrk("\(running.address)/sessions", connections: connections, seconds: seconds, script: logInScript)
    let oneAtATime = Double(BcryptHasher.processors) / ((before + Crypt.seconds(cost: cost)) / 2)
    report.add(
      "logins a second over HTTP, cost \(cost), \(connections) connections", against: "processors ÷ crypt_r seconds",
      ratio: load.requestsPerSecond / oneAtATime, atLeast: 2.4)
  }
}

private let logInScript = """
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  local account = 0
  function request()
    account = account % \(connections) + 1
    return wrk.format(nil, nil, nil, "email=user" .. account .. "@me.com&password=\(Crypt.password)")
  end
  """
