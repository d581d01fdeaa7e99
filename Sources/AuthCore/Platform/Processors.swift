internal import Glibc

/// Counts the processors that this process may use.
enum Processors {
  /// The number of processors that are online and that the process may run on, up to the quota of its control groups, rounded up.
  ///
  /// The sources are `Cpus_allowed_list` of proc(5), which can name processors that do not exist, and `cpu.max` of the kernel's
  /// "Control Group v2". Control groups of version 1 are not read.
  static var available: Int {
    let status = contents(of: "/proc/self/status") ?? ""
    let allowed = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
      .flatMap { count(inList: $0.drop { $0 != "\t" }.dropFirst()) }
    let quotas = quotas(of: contents(of: "/proc/self/cgroup") ?? "", under: "/sys/fs/cgroup")
    return max(1, min(allowed ?? .max, sysconf(Int32(_SC_NPROCESSORS_ONLN)), quotas.min() ?? .max))
  }

  /// The number of processors in a list such as `0-3,8`; nil if it is malformed.
  static func count(inList list: some StringProtocol) -> Int? {
    let counts = list.split(separator: ",").map { range -> Int? in
      let ends = range.split(separator: "-").map { Int($0) }
      guard let first = ends.first, let first, let last = ends.last, let last, ends.count <= 2, first <= last else { return nil }
      return last - first + 1
    }
    guard !counts.isEmpty, !counts.contains(nil) else { return nil }
    return counts.reduce(0) { $0 + $1! }
  }

  /// The quota in a `cpu.max` file, in processors, rounded up; nil if there is none.
  ///
  /// `150000 100000` means 150,000 microseconds in each period of 100,000: one and a half processors.
  static func quota(_ text: some StringProtocol) -> Int? {
    let words = text.split { $0.isWhitespace }.map { Int($0) }
    guard words.count == 2, let quota = words[0], let period = words[1], quota > 0, period > 0 else { return nil }
    return (quota + period - 1) / period
  }

  /// The quotas of a process's own control group and of all groups above it.
  ///
  /// - Parameters:
  ///   - groups: the contents of `/proc/self/cgroup`.
  ///   - root: the directory where the groups are mounted.
  static func quotas(of groups: String, under root: String) -> [Int] {
    guard let own = groups.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else { return [] }
    var path = own.dropFirst("0::/".count).split(separator: "/")
    var quotas: [Int] = []
    while true {
      let file = ([root[...]] + path + ["cpu.max"]).joined(separator: "/")
      if let quota = contents(of: file).flatMap({ quota($0) }) { quotas.append(quota) }
      if path.popLast() == nil { return quotas }
    }
  }

  /// The first few kilobytes of a file of the kernel's; nil if it cannot be read.
  private static func contents(of path: String) -> String? {
    guard let file = unsafe fopen(path, "re") else { return nil }
    defer { unsafe fclose(file) }
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
      // SAFETY: the buffer has the given size.
      count = unsafe fread(buffer.baseAddress, 1, buffer.count, file)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
