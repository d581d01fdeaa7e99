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

struct CommandFailure: Error, CustomStringConvertible {
  let message: String
  var description: String { message }
}

/// What a program prints until it ends.
func run(_ command: [String], environment: [String: String] = [:]) throws -> String {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  let output = Pipe()
  process.standardOutput = output
  process.standardError = output
  // Threads of Swift's pool block signals, and children inherit that. John would wait for its timer for ever.
  var none = sigset_t()
  sigemptyset(&none)
  pthread_sigmask(SIG_SETMASK, &none, nil)
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { throw CommandFailure(message: "\(command[0]) failed:\n\(text)") }
  return text
}
