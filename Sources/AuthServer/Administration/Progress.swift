internal import AuthCore
internal import Glibc
internal import SystemPackage

/// A line on a terminal that is written over and over, a few times a second. Elsewhere it shows nothing.
struct Progress {
  private let isShown = isatty(STDERR_FILENO) == 1
  private var last: ContinuousClock.Instant?
  private var isOpen = false

  mutating func show(_ text: String) {
    let now = ContinuousClock.now
    guard isShown, last.map({ now - $0 > .milliseconds(200) }) ?? true else { return }
    last = now
    isOpen = true
    Self.print("\r\(text)")
  }

  mutating func end() {
    guard isOpen else { return }
    isOpen = false
    Self.print("\n")
  }

  /// Prints a line that is not part of the command's output.
  static func note(_ text: String) { print(text.escapingUnprintable + "\n") }

  /// Writes to standard error, as it is.
  static func print(_ text: String) {
    // What cannot be said is not worth failing for.
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}
