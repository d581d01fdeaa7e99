internal import AuthCore
internal import CoreMetrics
internal import Glibc
internal import SystemPackage

/// Writes lines on a thread of its own, so that no caller waits for a terminal that is held, a pipe that is full, or a disk that
/// is slow.
///
/// Lines wait up to a limit. Those beyond it, and those that cannot be written, are dropped and counted; the next line that can
/// be written says how many.
final class LogWriter: Sendable {
  /// In bytes: the lines of some ten thousand logins.
  static let defaultLimit = 1 << 20

  private struct State {
    var waiting: [UInt8] = []
    var dropped = 0
    /// Whether lines that no longer wait may not be written yet.
    var isWriting = false
    var isClosed = false
  }

  private let descriptor: FileDescriptor
  private let limit: Int
  private let lineAboutDropped: @Sendable (Int) -> String
  private let state = Monitor(State())
  private let droppedLines = Counter(label: "auth_log_lines_dropped_total")
  /// How long, in microseconds, the thread lets lines come together before it writes again. A pause, and a call of the system for
  /// many lines, cost less than a thread that wakes up for each.
  private static let pause: UInt32 = 20_000

  /// - Parameters:
  ///   - limit: how many bytes may wait.
  ///   - lineAboutDropped: makes the line that says how many were dropped.
  init(
    to descriptor: FileDescriptor = .standardError, limit: Int = defaultLimit,
    lineAboutDropped: @escaping @Sendable (Int) -> String
  ) {
    self.descriptor = descriptor
    self.limit = limit
    self.lineAboutDropped = lineAboutDropped
    startThread { self.writeUntilClosed() }
  }

  /// Takes one line, with its line break.
  func write(_ line: String) {
    write(ofBytes: line.utf8.count) { $0 += line.utf8 }
  }

  /// Takes one line, with its line break, which `append` adds to those that wait. So it is not copied.
  ///
  /// - Parameter count: at least how many bytes the line has.
  func write(ofBytes count: Int = 0, _ append: (inout [UInt8]) -> Void) {
    // The thread waits only while no line does.
    let isFirst = state.withLock { state in
      guard !state.isClosed, state.waiting.count + count <= limit else {
        state.dropped += 1
        droppedLines.increment()
        return false
      }
      defer { append(&state.waiting) }
      return state.waiting.isEmpty
    }
    if isFirst { state.update { _ in } }
  }

  /// Waits until all lines are written, but not for longer than `limit`, and takes no more of them.
  func close(within limit: Duration) async {
    let deadline = ContinuousClock.now + limit
    state.update { $0.isClosed = true }
    while !isDrained, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(2)) }
  }

  /// Whether no line waits, because all are written or dropped.
  var isDrained: Bool { state.withLock { !$0.isWriting && $0.waiting.isEmpty } }

  private func writeUntilClosed() {
    while let (lines, dropped) = nextLines() {
      let about = dropped > 0 ? lineAboutDropped(dropped) : ""
      let unwritten = writeOut(lines + about.utf8).count { $0 == UInt8(ascii: "\n") }
      state.withLock { state in
        state.isWriting = false
        // The line about those that were dropped is the last, so it is one of them.
        if unwritten > 0 { state.dropped += unwritten + (dropped > 0 ? dropped - 1 : 0) }
      }
      // Those counted again are counted once here.
      if unwritten > 0 { droppedLines.increment(by: dropped > 0 ? unwritten - 1 : unwritten) }
      usleep(Self.pause)
    }
  }

  /// Waits for lines; nil when there will be no more.
  private func nextLines() -> (lines: [UInt8], dropped: Int)? {
    state.wait { state in
      guard !state.waiting.isEmpty else { return state.isClosed ? .some(nil) : nil }
      let next = (state.waiting, state.dropped)
      (state.waiting, state.dropped, state.isWriting) = ([], 0, true)
      // As many may come again, and then the array need not grow step by step.
      state.waiting.reserveCapacity(next.0.count)
      return next
    }
  }

  /// Writes all bytes, for as long as that takes.
  ///
  /// - Returns: the bytes that cannot be written.
  private func writeOut(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var rest = bytes[...]
    while !rest.isEmpty {
      do {
        rest = try rest.dropFirst(unsafe rest.withUnsafeBytes { unsafe try descriptor.write($0) })
      } catch Errno.resourceTemporarilyUnavailable {
        waitUntilWritable()
      } catch {
        return rest
      }
    }
    return rest
  }

  /// Another process may have set the descriptor, which they share, to fail in place of waiting.
  private func waitUntilWritable() {
    var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
    // SAFETY: one structure, which lives until the call returns.
    _ = unsafe poll(&request, 1, -1)
  }
}
