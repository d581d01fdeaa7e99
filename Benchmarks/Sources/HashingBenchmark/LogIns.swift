import AuthCore
import Foundation

/// More than two processors have lanes, so that there some wait. Each has an account of its own.
private let connections = 16

/// Log ins over HTTP.
func measureLogIns(cost: Int, seconds: Int, server: String, _ report: inout Report) throws {
  let directory = URL.temporaryDirectory.appending(path: "swift-auth-benchmark-\(UUID())")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  let script = directory.appending(path: "log-in.lua")
  try logInScript.write(to: script, atomically: true, encoding: .utf8)

  let running = try RunningServer(
    server, ["--bcrypt-cost", "\(cost)", "--database", directory.appending(path: "auth.sqlite").path(percentEncoded: false)])
  defer { running.stop() }
  let address = try running.address()
  for account in 1...connections {
    _ = try run(["curl", "-sSf", "\(address)/users", "-d", "email=user\(account)@me.com", "-d", "password=\(Crypt.password)"])
  }

  let before = Crypt.seconds(cost: cost)
  let output = try run([
    "wrk", "-t1", "-c\(connections)", "-d\(seconds)s", "--timeout", "30s", "-s", script.path(percentEncoded: false),
    "\(address)/sessions",
  ])
  let oneAtATime = Double(BcryptHasher.processors) / ((before + Crypt.seconds(cost: cost)) / 2)
  guard !output.contains("Non-2xx"), !output.contains("Socket errors"),
    let match = output.firstMatch(of: /Requests\/sec: +([\d.]+)/), let perSecond = Double(match.1)
  else { throw CommandFailure(message: "log ins failed:\n\(output)") }
  report.add(
    "log ins a second over HTTP, cost \(cost), \(connections) connections", against: "processors ÷ crypt_r seconds",
    ratio: perSecond / oneAtATime, atLeast: 2.4)
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

/// An AuthServer on a free port of the loopback interface.
struct RunningServer {
  private let process = Process()
  private let log = Pipe()

  init(_ path: String, _ arguments: [String]) throws {
    process.executableURL = URL(filePath: path)
    process.arguments = ["--host", "127.0.0.1", "--port", "0"] + arguments
    process.standardError = log
    try process.run()
  }

  /// Where it listens, as soon as it says so.
  func address() throws -> String {
    var text = ""
    while case let data = log.fileHandleForReading.availableData, !data.isEmpty {
      text += String(decoding: data, as: UTF8.self)
      if let match = text.firstMatch(of: /listening on (127\.0\.0\.1:\d+)\n/) { return "http://\(match.1)" }
    }
    throw CommandFailure(message: "the server does not start:\n\(text)")
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}
