import Foundation

/// What a server did under the load of `wrk`.
package struct Load: Sendable {
  package let requests: Double
  package let requestsPerSecond: Double
  package let medianMilliseconds: Double
  package let p99Milliseconds: Double
}

/// Keeps `connections` busy for some seconds. Any answer but 2xx or 3xx fails the benchmark, as does a connection that breaks.
///
/// - Parameter script: Lua, in which `request` may be defined: https://github.com/wg/wrk/blob/master/SCRIPTING. It runs on one thread.
///   What it counts in the global `refused` are answers that were to be expected: they are neither failures nor requests.
package func wrk(_ url: String, connections: Int, seconds: Int, script: String = "") throws -> Load {
  try withTemporaryDirectory { directory in
    let file = directory.appending(path: "load.lua")
    try (script + report).write(to: file, atomically: true, encoding: .utf8)
    let output = try run([
      "wrk", "-t1", "-c\(connections)", "-d\(seconds)s", "--timeout", "60s", "-s", file.path(percentEncoded: false), url,
    ])
    guard
      let match = output.firstMatch(of: /figures (\d+) requests (\d+) failures (\d+) microseconds (\d+) median (\d+) p99/),
      let figures = Optional([match.1, match.2, match.3, match.4, match.5].compactMap { Double($0) }), figures.count == 5
    else { throw CommandFailure(message: "wrk printed no figures:\n\(output)") }
    guard figures[1] == 0, figures[0] > 0 else { throw CommandFailure(message: "requests failed:\n\(output)") }
    return Load(
      requests: figures[0], requestsPerSecond: figures[0] / figures[2] * 1e6, medianMilliseconds: figures[3] / 1000,
      p99Milliseconds: figures[4] / 1000)
  }
}

private let report = """

  local threads = {}
  function setup(thread)
    table.insert(threads, thread)
  end
  function done(summary, latency, requests)
    local refused = tonumber(threads[1]:get("refused")) or 0
    local errors = summary.errors
    print(string.format("figures %d requests %d failures %d microseconds %d median %d p99", summary.requests - refused,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout - refused, summary.duration,
      latency:percentile(50), latency:percentile(99)))
  end
  """
