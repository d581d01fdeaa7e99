import Foundation

package struct CommandFailure: Error, CustomStringConvertible {
  package let message: String
  package var description: String { message }

  package init(message: String) {
    self.message = message
  }
}

/// What a program prints until it ends.
package func run(_ command: [String], environment: [String: String] = [:]) throws -> String {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  let output = Pipe()
  process.standardOutput = output
  process.standardError = output
  unblockSignals()
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { throw CommandFailure(message: "\(command[0]) failed:\n\(text)") }
  return text
}

/// Threads of Swift's pool block signals, and the programs that they start inherit that: one that waits for a timer waits for ever.
func unblockSignals() {
  var none = sigset_t()
  sigemptyset(&none)
  pthread_sigmask(SIG_SETMASK, &none, nil)
}
