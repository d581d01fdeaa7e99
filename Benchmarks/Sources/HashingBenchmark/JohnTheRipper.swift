import BenchmarkSupport
import Foundation

/// A password cracker, which interleaves three hashes: Debian's package `john`.
enum JohnTheRipper {
  /// Of bcrypt, for a second of one processor.
  static func roundsPerSecond(seconds: Int) throws -> Double {
    // Debian puts it where only root looks for programs.
    let output = try run(
      ["john", "--test=\(seconds)", "--format=bcrypt"],
      environment: ["OMP_NUM_THREADS": "1", "PATH": (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin"])
    guard let match = output.firstMatch(of: /(\d+) iterations.*\nRaw:.* ([\d.]+)(K?) c\/s virtual/),
      let iterations = Double(match.1), let perSecond = Double(match.2)
    else { throw CommandFailure(message: "no figures in what john printed:\n\(output)") }
    return iterations * perSecond * (match.3.isEmpty ? 1 : 1000)
  }
}
