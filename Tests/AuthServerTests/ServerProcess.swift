import Foundation
import Synchronization
import SystemPackage
import TestPrograms

/// The real program, started on a free port of the loopback interface, and killed when this value goes.
final class ServerProcess: Sendable {
  /// What has been seen of the process, and who waits to see more.
  private struct Progress {
    var port: Result<Int, StartFailed>?
    var exitStatus: Int32?
    var errors = ""
    var isRead = true
    var waitingForPort: [CheckedContinuation<Void, Never>] = []
    var waitingForExit: [CheckedContinuation<Void, Never>] = []
  }

  struct StartFailed: Error {
    let status: Int32
    let errors: String
  }

  private let progress = Mutex(Progress())
  private let log = Pipe()
  let processIdentifier: pid_t

  /// The program, which is built into the directory from which the tests run.
  static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "AuthServer").path(percentEncoded: false)

  /// - Parameters:
  ///   - arguments: those after `--host 127.0.0.1 --port 0`, or all when `isRaw`.
  ///   - shell: commands of a shell that come before it.
  init(_ arguments: [String], environment: [String: String] = [:], isRaw: Bool = false, shell: String? = nil) throws {
    let arguments = isRaw ? arguments : ["--host", "127.0.0.1", "--port", "0"] + arguments
    let process = try ChildProcess(
      shell == nil ? Self.program : "/bin/sh",
      (shell.map { ["-c", #"\#($0); exec "$0" "$@""#, Self.program] } ?? []) + arguments,
      environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
      output: log.fileHandleForWriting, error: log.fileHandleForWriting)
    try log.fileHandleForWriting.close()
    processIdentifier = process.processIdentifier
    Thread.detachNewThread { [weak self, log] in
      while case let data = log.fileHandleForReading.availableData, !data.isEmpty {
        guard let self, note(String(decoding: data, as: UTF8.self)) else { break }
      }
      let status = process.waitUntilExit()
      self?.noteExit(status)
    }
  }

  deinit {
    signal(SIGKILL)
  }

  /// The port on which it listens, as soon as it does.
  var port: Int {
    get async throws {
      await withCheckedContinuation { continuation in
        progress.withLock { progress in
          guard progress.port == nil else { return continuation.resume() }
          progress.waitingForPort.append(continuation)
        }
      }
      return try progress.withLock { try $0.port!.get() }
    }
  }

  /// The exit status, as soon as there is one; the negated signal when it was killed.
  var exitStatus: Int32 {
    get async {
      await withCheckedContinuation { continuation in
        progress.withLock { progress in
          guard progress.exitStatus == nil else { return continuation.resume() }
          progress.waitingForExit.append(continuation)
        }
      }
      return progress.withLock { $0.exitStatus! }
    }
  }

  /// Everything that it has printed so far.
  var output: String { progress.withLock(\.errors) }

  /// Waits until it has printed a text so many times.
  ///
  /// - Throws: ``StartFailed`` if it has ended without.
  func waitForOutput(_ text: String, times: Int = 1) async throws {
    while true {
      let (output, status) = progress.withLock { ($0.errors, $0.exitStatus) }
      if output.components(separatedBy: text).count > times { return }
      if let status { throw StartFailed(status: status, errors: output) }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Does nothing once the process has ended.
  func signal(_ number: Int32) {
    progress.withLock { if $0.exitStatus == nil { kill(processIdentifier, number) } }
  }

  /// Reads no more of what it prints, and fills the pipe to it: from now on, writing to it blocks.
  func stopReading() throws {
    progress.withLock { $0.isRead = false }
    let path = FilePath("/proc/self/fd/\(log.fileHandleForReading.fileDescriptor)")
    let pipe = try FileDescriptor.open(path, .writeOnly, options: [.nonBlocking, .closeOnExec])
    try pipe.closeAfter {
      do {
        while true { try pipe.writeAll(Array("x\n".utf8)) }
      } catch Errno.resourceTemporarilyUnavailable {}
    }
  }

  /// - Returns: whether to read on.
  private func note(_ text: String) -> Bool {
    progress.withLock { progress in
      progress.errors += text
      notePort(&progress)
      return progress.isRead
    }
  }

  private func notePort(_ progress: inout Progress) {
    guard progress.port == nil, let match = progress.errors.firstMatch(of: /listening on 127\.0\.0\.1:(\d+)\W/) else { return }
    progress.port = .success(Int(match.1)!)
    for continuation in progress.waitingForPort { continuation.resume() }
    progress.waitingForPort = []
  }

  private func noteExit(_ status: Int32) {
    progress.withLock { progress in
      progress.exitStatus = status
      if progress.port == nil { progress.port = .failure(StartFailed(status: status, errors: progress.errors)) }
      for continuation in progress.waitingForPort + progress.waitingForExit { continuation.resume() }
      (progress.waitingForPort, progress.waitingForExit) = ([], [])
    }
  }
}
