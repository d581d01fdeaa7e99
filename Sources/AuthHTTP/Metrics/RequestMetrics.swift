internal import CoreMetrics
package import HTTPTypes
package import NIOCore

/// What is reported of the requests of one route to the backend of swift-metrics. It is made once for each route, so nothing is
/// looked up during a request, and nothing that a client sends can add to the number of metrics.
package struct RequestMetrics: Sendable {
  /// By the first digit of the status, from 2.
  private let requests: [Counter]
  private let duration: Timer

  /// - Returns: nil if the application has no backend: then requests are not timed.
  package init?(method: String, route: String) {
    let factory = MetricsSystem.factory
    guard !(factory is NOOPMetricsHandler) else { return nil }
    let dimensions = [("method", method), ("route", route)]
    requests = ["2xx", "3xx", "4xx", "5xx"].map { status in
      Counter(label: "auth_http_requests_total", dimensions: dimensions + [("status", status)], factory: factory)
    }
    duration = Timer(
      label: "auth_http_request_duration_seconds", dimensions: dimensions, preferredDisplayUnit: .seconds, factory: factory)
  }

  /// Counts a request that got this response after the time since `start`.
  package func record(_ status: HTTPResponse.Status, since start: NIODeadline) {
    requests[min(max(status.code / 100, 2), 5) - 2].increment()
    duration.recordNanoseconds((NIODeadline.now() - start).nanoseconds)
  }
}
