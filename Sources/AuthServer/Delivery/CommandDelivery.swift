internal import AuthCore
internal import FoundationEssentials
internal import Glibc
internal import Subprocess
internal import SystemPackage

/// Runs a program for each message and passes it the message on standard input, as a line of JSON.
///
/// A message is delivered when the program exits with status 0 within the time limit. Whether it has read the message does not
/// matter, nor do processes that it leaves behind. The program runs without a shell and without arguments, in a session of its
/// own, with the signal dispositions of a new process, the three standard descriptors, and the server's environment without the
/// variables of the server and its supervisor. Token and email are neither in its arguments nor in its environment, which other
/// users of the machine can see.
struct CommandDelivery: MessageDelivery {
  /// Returns when a time is over: `Task.sleep` everywhere but in tests.
  typealias Sleep = @Sendable (Duration) async throws -> Void

  /// An absolute path.
  let program: String
  let linkBase: SecureURL?
  let timeLimit: Duration
  /// The time between SIGTERM and SIGKILL, for a program that has exceeded its time limit.
  let gracePeriod: Duration
  private let environment: [String: String]
  private let sleep: Sleep

  /// - Parameters:
  ///   - environment: the server's.
  ///   - sleep: returns when the time limit is over.
  init(
    program: String, linkBase: SecureURL?, timeLimit: Duration = .seconds(30), gracePeriod: Duration = .seconds(5),
    environment: [String: String] = ProcessInfo.processInfo.environment,
    sleep: @escaping Sleep = { try await Task.sleep(for: $0) }
  ) {
    self.program = program
    self.linkBase = linkBase
    self.timeLimit = timeLimit
    self.gracePeriod = gracePeriod
    self.sleep = sleep
    self.environment = Environment.forPrograms(environment)
  }

  func deliver(_ message: AuthMessage) async throws {
    let line = message.json(linkBase: linkBase) + [UInt8(ascii: "\n")]
    let (status, complaint) = try await withThrowingTaskGroup { group in
      group.addTask { try await run(with: line) }
      group.addTask {
        try await sleep(timeLimit)
        throw DeliveryFailure(description: "\(program) was ended after \(timeLimit)")
      }
      // The group waits for the other task, which ends the program when it is cancelled.
      defer { group.cancelAll() }
      return try await group.next()!
    }
    guard status != .exited(0) else { return }
    let reason = complaint.text(about: message).map { ": \($0)" } ?? ""
    throw DeliveryFailure(description: "\(program) \(Self.words(for: status))\(reason)")
  }

  private func run(with line: [UInt8]) async throws -> (TerminationStatus, CommandComplaint) {
    var options = PlatformOptions()
    // So that the signals also reach processes that the program has started.
    options.createSession = true
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: gracePeriod)
    ]
    let variables = environment.map { (Subprocess.Environment.Key(stringLiteral: $0.key), $0.value) }
    do {
      let input = try pipe(holding: line)
      let outcome = try await Subprocess.run(
        .path(FilePath(program)), environment: .custom(Dictionary(uniqueKeysWithValues: variables)), platformOptions: options,
        input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .discarded, error: .sequence
      ) { execution in
        var complaint = CommandComplaint()
        // Read to its end: otherwise the program would block, or be killed, when it writes more.
        for try await bytes in execution.standardError { complaint.append(bytes.bytes) }
        return complaint
      }
      return (outcome.terminationStatus, outcome.closureResult)
    } catch let error as SubprocessError {
      throw DeliveryFailure(description: "\(program) cannot be run: \(error)")
    }
  }

  /// The reading end of a pipe that already contains the whole message. So the server does not have to write while the program
  /// runs, wait for it to read, or handle SIGPIPE when it does not.
  private func pipe(holding line: [UInt8]) throws -> FileDescriptor {
    // Every pipe has room for that much (pipe(7)), so writing never blocks.
    guard line.count <= PIPE_BUF else {
      throw DeliveryFailure(description: "\(program) is not run: the message has more than \(PIPE_BUF) bytes")
    }
    let (input, output) = try FileDescriptor.pipe()
    do { try output.closeAfter { _ = try output.writeAll(line) } } catch {
      try? input.close()
      throw error
    }
    return input
  }

  private static func words(for status: TerminationStatus) -> String {
    switch status {
    case .exited(let code): "ended with status \(code)"
    case .signaled(let signal): "was ended by signal \(signal)"
    }
  }
}
