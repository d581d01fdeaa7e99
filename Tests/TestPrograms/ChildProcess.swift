internal import AuthCSpawn
package import Foundation
internal import Glibc
internal import Synchronization

/// A program that a test has started.
///
/// Foundation's `Process` reads past the end of a buffer in a process with more than some 1,300 open descriptors, which the tests
/// together have, and that ends them all.
package final class ChildProcess: Sendable {
  package struct StartFailed: Error {
    package let program: String
    package let error: Int32
  }

  package let processIdentifier: Int32
  private let exitStatus = Mutex<Int32?>(nil)

  /// - Parameters:
  ///   - program: an absolute path.
  ///   - environment: nil for that of the tests.
  ///   - directory: in which it runs; nil for that of the tests.
  ///   - input: what it reads, as `output` and `error` are where it writes; nil for the null device.
  package init(
    _ program: String, _ arguments: [String] = [], environment: [String: String]? = nil, in directory: String? = nil,
    input: FileHandle? = nil, output: FileHandle? = .standardOutput, error: FileHandle? = .standardError
  ) throws {
    let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0)=\($1)" }
    let standard = [input, output, error].map { $0?.fileDescriptor ?? -1 }
    var identifier: Int32 = 0
    let result = unsafe Self.withCStrings([program] + arguments) { arguments in
      unsafe Self.withCStrings(variables) { unsafe spawn(&identifier, program, arguments, $0, directory, standard) }
    }
    guard result == 0 else { throw StartFailed(program: program, error: result) }
    processIdentifier = identifier
  }

  /// The exit status, as soon as there is one, or the negated signal that killed it. It blocks the thread.
  @discardableResult
  package func waitUntilExit() -> Int32 {
    exitStatus.withLock { known in
      if let known { return known }
      var status: Int32 = 0
      while unsafe waitpid(processIdentifier, &status, 0) == -1 && errno == EINTR {}
      // wait(2): the low seven bits are the signal; without one, the next eight are the exit status.
      let signal = status & 0x7f
      let result = signal == 0 ? (status >> 8) & 0xff : -signal
      known = result
      return result
    }
  }

  /// The texts as C wants them: an array of pointers, with null after the last.
  private static func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let strings = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe strings.forEach { unsafe free($0) } }
    return unsafe strings.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
  }
}
