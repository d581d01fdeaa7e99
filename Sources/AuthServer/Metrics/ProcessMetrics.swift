internal import AuthCore
internal import FoundationEssentials
internal import Glibc

/// What the kernel says of this process, under the names that Prometheus' own libraries use.
struct ProcessMetrics: Sendable {
  private let startTime = Double(SystemClock().now.secondsSince1970)

  /// Read for each scrape.
  func report(to registry: MetricRegistry) {
    registry.set("process_start_time_seconds", startTime)
    if let cpuSeconds { registry.set("process_cpu_seconds_total", cpuSeconds) }
    if let residentBytes { registry.set("process_resident_memory_bytes", residentBytes) }
    if let openDescriptors { registry.set("process_open_fds", openDescriptors) }
    if let mostDescriptors { registry.set("process_max_fds", mostDescriptors) }
  }

  private var cpuSeconds: Double? {
    var usage = rusage()
    // SAFETY: here and below, the structure is written before the call returns.
    guard unsafe getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return nil }
    return Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
  }

  private var mostDescriptors: Double? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    return Double(limit.rlim_cur)
  }

  /// The second number of proc(5)'s `statm`, in pages.
  private var residentBytes: Double? {
    let numbers = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    guard let numbers, numbers.count > 1, let pages = Double(numbers[1]) else { return nil }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
  }

  private var openDescriptors: Double? {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { Double($0.count) }
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}
