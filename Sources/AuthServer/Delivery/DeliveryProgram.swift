internal import AuthCore
internal import FoundationEssentials
internal import Glibc
internal import Subprocess
internal import SystemPackage

/// A program that is run once for each message, with the message on standard input.
///
/// It runs without a shell, in a session of its own, with the signal dispositions of a new process, the three standard
/// descriptors, and the server's environment without the variables of the server and its supervisor. Whether it reads its input
/// does not matter, nor do processes that it leaves behind.
struct DeliveryProgram: Sendable {
  /// Returns when a time is over: `Task.sleep` everywhere but in tests.
  typealias Sleep = @Sendable (Duration) async throws -> Void

  /// How long a program may take, and what it finds around it.
  struct Limits: Sendable {
    var timeLimit: Duration = .seconds(30)
    /// The time between SIGTERM and SIGKILL, for a program that has exceeded its time limit.
    var gracePeriod: Duration = .seconds(5)
    /// The server's.
    var environment: [String: String] = ProcessInfo.processInfo.environment
    /// Returns when the time limit is over.
    var sleep: Sleep = { try await Task.sleep(for: $0) }
  }

  /// How a program ended.
  struct Outcome {
    let status: TerminationStatus
    /// Why the message is not delivered, for the log; nil after status 0.
    let failure: String?
  }

  /// An absolute path.
  let path: String
  /// Visible to other users of the machine, so without anything about the message.
  let arguments: [String]
  private let limits: Limits
  private let environment: [String: String]

  init(path: String, arguments: [String] = [], limits: Limits) {
    self.path = path
    self.arguments = arguments
    self.limits = limits
    self.environment = Environment.forPrograms(limits.environment)
  }

  /// Runs the program.
  ///
  /// - Throws: ``DeliveryFailure``, if it cannot be run or does not end in time.
  func run(with input: [UInt8], about message: AuthMessage) async throws -> Outcome {
    let (status, complaint) = try await withThrowingTaskGroup { group in
      group.addTask { try await spawn(with: input) }
      group.addTask {
        try await limits.sleep(limits.timeLimit)
        throw DeliveryFailure(description: "\(path) was ended after \(limits.timeLimit)")
      }
      // The group waits for the other task, which ends the program when it is cancelled.
      defer { group.cancelAll() }
      return try await group.next()!
    }
    guard status != .exited(0) else { return Outcome(status: status, failure: nil) }
    let reason = complaint.text(about: message, whichWas: input).map { ": \($0)" } ?? ""
    return Outcome(status: status, failure: "\(path) \(Self.words(for: status))\(reason)")
  }

  private func spawn(with input: [UInt8]) async throws -> (TerminationStatus, CommandComplaint) {
    var options = PlatformOptions()
    // So that the signals also reach processes that the program has started.
    options.createSession = true
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: limits.gracePeriod)
    ]
    let variables = environment.map { (Subprocess.Environment.Key(stringLiteral: $0.key), $0.value) }
    do {
      let input = try pipe(holding: input)
      let outcome = try await Subprocess.run(
        .path(FilePath(path)), arguments: Arguments(arguments), environment: .custom(Dictionary(uniqueKeysWithValues: variables)),
        platformOptions: options,
        input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .discarded, error: .sequence
      ) { execution in
        var complaint = CommandComplaint()
        // Read to its end: otherwise the program would block, or be killed, when it writes more.
        for try await bytes in execution.standardError { complaint.append(bytes.bytes) }
        return complaint
      }
      return (outcome.terminationStatus, outcome.closureResult)
    } catch let error as SubprocessError {
      throw DeliveryFailure(description: "\(path) cannot be run: \(error)")
    }
  }

  /// The reading end of a pipe that already contains the whole message. So the server does not have to write while the program
  /// runs, wait for it to read, or handle SIGPIPE when it does not; and the message is never in a file.
  private func pipe(holding message: [UInt8]) throws -> FileDescriptor {
    let (input, output) = try FileDescriptor.pipe()
    do {
      try output.closeAfter {
        // Every pipe has room for PIPE_BUF bytes (pipe(7)). More room is asked for, so that writing never blocks; any user is
        // given 1 MiB, unless it has thousands of pipes.
        if message.count > PIPE_BUF, fcntl(output.rawValue, Self.setPipeSize, Int32(message.count)) < message.count {
          throw DeliveryFailure(description: "\(path) is not run: no pipe has room for the \(message.count) bytes of the message")
        }
        _ = try output.writeAll(message)
      }
    } catch {
      try? input.close()
      throw error
    }
    return input
  }

  /// `F_SETPIPE_SZ` of `<linux/fcntl.h>`, the same on every architecture; the Glibc module leaves out what needs `_GNU_SOURCE`.
  private static let setPipeSize: Int32 = 1031

  private static func words(for status: TerminationStatus) -> String {
    switch status {
    case .exited(let code): "ended with status \(code)"
    case .signaled(let signal): "was ended by signal \(signal)"
    }
  }
}

extension DeliveryProgram: CustomStringConvertible {
  /// The path alone: services are described in the log at `debug`, and the environment may contain secrets of others.
  var description: String { path }
}
