import AsyncHTTPClient
import AuthClient
import AuthCore
import AuthDB
import AuthHTTP
import BenchmarkSupport
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded

/// Whose session it is, asked in the ways that there are.
extension Bench {
  private static let serviceKey = "0123456789abcdef0123456789abcdef"

  func measureChecks(_ small: Population, _ report: inout Report) async throws {
    let keys = try newDirectory().appending(path: "keys")
    try Data(Self.serviceKey.utf8).write(to: keys)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keys.path(percentEncoded: false))
    let running = try serve(
      small, ["--policy", "strict", "--delivery", "log", "--service-key-file", keys.path(percentEncoded: false)])
    defer { running.stop() }
    try await measureRoutes(running, &report)
    try await measureClient(running, &report)
    try await measureProtectedRoutes(small, &report)
  }

  private func measureRoutes(_ running: RunningServer, _ report: inout Report) async throws {
    let profile = Requests.check("/profile")
    for (what, requests, bound) in [
      ("/verify", Requests.check("/verify"), 0.95), ("POST /introspect", .introspection(key: Self.serviceKey), 0.80),
    ] {
      let turns = try await Turns(plan.repetitions) {
        try await running.load(requests, seconds: plan.seconds)
      } against: {
        try await running.load(profile, seconds: plan.seconds)
      }
      report.add(
        what, turns.requestsPerSecond, against: "GET /profile", ratio: turns.ratio(of: \.requestsPerSecond), atLeast: bound)
    }
    let nginx = try RunningServer.nginx(in: newDirectory())
    defer { nginx.stop() }
    let turns = try await Turns(plan.repetitions) {
      try await running.load(profile, seconds: plan.seconds)
    } against: {
      try await nginx.load(profile, seconds: plan.seconds)
    }
    report.add(
      "GET /profile, 64 connections", turns.requestsPerSecond, against: "nginx that returns the same body",
      ratio: turns.ratio(of: \.requestsPerSecond), atLeast: 0.40)
  }

  /// AuthClient against a request of the HTTP client that it uses, to a server that knows the answer already.
  private func measureClient(_ running: RunningServer, _ report: inout Report) async throws {
    let bareRunning = try RunningServer(bare, in: newDirectory(), answering: "/profile") { ["\($0)"] }
    defer { bareRunning.stop() }
    let client = AuthClient(running.address)
    let url = bareRunning.address + "/profile"
    let turns = try await Turns(plan.repetitions) {
      try await secondsOfChecks { number in
        guard try await client.profile(for: Population.sessionID(number)) != nil else {
          throw CommandFailure(message: "a session was not found")
        }
      }
    } against: {
      try await secondsOfChecks { _ in
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(60))
        _ = try await response.body.collect(upTo: 1024)
      }
    }
    report.add(
      "time of AuthClient.profile(for:), 64 tasks", "\(number(turns.subject { $0 } * 1e6)) µs",
      against: "of a bare request to Hummingbird alone", ratio: turns.ratio { $0 }, atMost: 1.30)
  }

  /// `RequireSession` in front of a handler, against a handler that looks the session up itself.
  private func measureProtectedRoutes(_ small: Population, _ report: inout Report) async throws {
    let store = try await SQLiteStore(path: small.file.path(percentEncoded: false))
    let auth = Auth(policy: .strict, store: store, hasher: BcryptHasher(threads: 1))
    let policy = HTTPPolicy(for: .strict)
    let middleware = RequireSession<BasicSessionRequestContext>(auth: auth, policy: policy)
    let context = BasicSessionRequestContext(
      source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "benchmark")))
    let ids = (0..<plan.lookUps).map { _ in Population.sessionID(.random(in: small.sessions)) }
    let requests = ids.map { id in
      Request(
        head: HTTPRequest(
          method: .get, scheme: nil, authority: "localhost", path: "/",
          headerFields: [.cookie: "\(policy.cookie.name)=\(id.text)"]), body: RequestBody(buffer: ByteBuffer()))
    }
    let turns = try await Turns(plan.lookUpRepetitions) {
      let start = ContinuousClock.now
      for request in requests {
        _ = try await middleware.handle(request, context: context) { _, context in
          guard context.session != nil else { throw CommandFailure(message: "a session was not found") }
          return Response(status: .noContent)
        }
      }
      return (ContinuousClock.now - start) / .seconds(1) / Double(requests.count)
    } against: {
      let start = ContinuousClock.now
      for id in ids {
        guard try await auth.profile(for: id) != nil else { throw CommandFailure(message: "a session was not found") }
        _ = Response(status: .noContent)
      }
      return (ContinuousClock.now - start) / .seconds(1) / Double(ids.count)
    }
    report.add(
      "time of RequireSession", "\(number(turns.subject { $0 } * 1e6)) µs", against: "of profile(for:) alone",
      ratio: turns.ratio { $0 }, atMost: 1.15)
    await store.close()
  }

  /// The seconds that one of the checks takes, of many that 64 tasks make at the same time.
  private func secondsOfChecks(_ check: @escaping @Sendable (_ session: Int) async throws -> Void) async throws -> Double {
    let (tasks, each) = (64, plan.lookUps / 10)
    let start = ContinuousClock.now
    try await withThrowingTaskGroup { group in
      for task in 0..<tasks {
        group.addTask { for _ in 0..<each { try await check(task) } }
      }
      try await group.waitForAll()
    }
    return (ContinuousClock.now - start) / .seconds(1) / Double(tasks * each)
  }
}

extension Requests {
  /// `GET` with the same session each time.
  fileprivate static func check(_ path: String) -> Requests {
    Requests(path: path, script: "wrk.headers[\"Cookie\"] = \"__Host-session_id=\(Population.sessionID(0).text)\"")
  }

  fileprivate static func introspection(key: String) -> Requests {
    let script = """
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
      wrk.headers["Authorization"] = "Bearer \(key)"
      wrk.body = "token=\(Population.sessionID(0).text)"
      """
    return Requests(path: "/introspect", script: script)
  }
}

extension RunningServer {
  /// nginx, with as many workers as there are processors, which returns what `GET /profile` does.
  fileprivate static func nginx(in directory: URL) throws -> RunningServer {
    let place = directory.path(percentEncoded: false)
    let file = directory.appending(path: "nginx.conf").path(percentEncoded: false)
    return try RunningServer("/usr/sbin/nginx", in: directory, answering: "/profile") { port in
      let configuration = """
        daemon off;
        worker_processes auto;
        pid \(place)/nginx.pid;
        error_log \(place)/error.log;
        events { worker_connections 1024; }
        http {
          access_log off;
          keepalive_requests 1000000000;
          client_body_temp_path \(place)/body;
          proxy_temp_path \(place)/proxy;
          server {
            listen 127.0.0.1:\(port);
            default_type application/json;
            location / { return 200 '{"email":"user0@example.org","id":"1"}\\n'; }
          }
        }
        """
      try? Data(configuration.utf8).write(to: URL(filePath: file))
      return ["-c", file, "-e", "\(place)/error.log"]
    }
  }
}
