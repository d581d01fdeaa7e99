internal import ArgumentParser
internal import Glibc
internal import Synchronization

enum Terminal {
  /// Asks a question that only `yes` answers with true.
  ///
  /// - Throws: `ValidationError` where there is no terminal to ask at.
  static func confirms(_ question: String) throws -> Bool {
    guard isatty(STDIN_FILENO) == 1 else { throw ValidationError("no one can be asked here; give --yes") }
    Progress.print("\(question)? Type yes: ")
    return readLine() == "yes"
  }
}

/// The progress of one task, from any thread.
final class Percentage: Sendable {
  private let progress = Mutex(Progress())

  /// - Parameter part: from 0 to 1.
  func show(_ part: Double) {
    progress.withLock { $0.show("\(Int(part * 100)) %") }
  }

  /// Says something in a line of its own.
  func note(_ text: String) {
    progress.withLock {
      $0.end()
      Progress.note(text)
    }
  }

  func end() {
    progress.withLock { $0.end() }
  }
}
