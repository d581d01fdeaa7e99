import AuthCore
import AuthHTTP
import AuthTesting
import CoreMetrics
import HTTPTypes
import MetricsTestKit
import Testing

/// Requests by route and status, for the backend of the application.
@Suite struct RequestMetricsTests {
  private let metrics = TestMetrics()

  private func count(_ method: String, _ route: String, _ status: String) -> Int64 {
    metrics.counterTotal(
      label: "auth_http_requests_total", dimensions: [("method", method), ("route", route), ("status", status)])
  }

  @Test func `a request is counted and timed under its route, whatever it asks for`() async throws {
    try await withMetricsFactory(metrics) {
      try await withService(.strict) { client in
        for path in ["/sessions/a", "/sessions/b?c=d", "/sessions/%2e%2e"] { _ = try await client.send(.delete, path) }
        _ = try await client.send(.get, "/profile", headers: [.authorization: "Bearer x"])
        _ = try await client.send(.head, "/")
        _ = try await client.register(Strict.email, Strict.password)
      }
    }
    #expect(count("DELETE", "/sessions/{id}", "4xx") == 3)
    #expect(count("GET", "/profile", "4xx") == 1)
    #expect(count("GET", "/", "2xx") == 1)
    #expect(count("POST", "/users", "2xx") == 1)
    #expect(metrics.counterTotal(label: "auth_http_requests_total") == 6)
    let timer = try metrics.expectTimer(
      "auth_http_request_duration_seconds", [("method", "DELETE"), ("route", "/sessions/{id}")])
    #expect(timer.values.count == 3)
  }

  @Test func `no request adds a metric`() async throws {
    try await withMetricsFactory(metrics) {
      try await withService { client in
        let before = metrics.counters.count + metrics.timers.count
        for path in ["/a", "/b", "/users/7", "/profile/x", "/?a=b"] {
          for method in [HTTPRequest.Method.get, .put, .patch] { _ = try await client.send(method, path) }
        }
        #expect(metrics.counters.count + metrics.timers.count == before)
      }
    }
  }

  @Test func `a store that is unavailable is counted as 5xx, and an unreadable body as 4xx`() async throws {
    let store = InterceptingStore(failing: .addUser)
    try await withMetricsFactory(metrics) {
      try await withService(store: store) { client in
        _ = try await client.register("bob", "x")
        _ = try await client.send(.post, "/users", Body(contentType: "text/plain", bytes: Array("x".utf8)))
      }
    }
    #expect(count("POST", "/users", "5xx") == 1)
    #expect(count("POST", "/users", "4xx") == 1)
  }
}
