internal import AuthCore
internal import FoundationEssentials
internal import Glibc
internal import Subprocess
internal import SystemPackage

/// Runs a program for each message, which it finds on standard input: a line of JSON.
///
/// Delivered is what the program ends with status 0 for, within the time limit; whether it has read the message is its own affair, and
/// so are programs that it leaves behind. It is run without a shell and without arguments, in a session of its own, with signals as a
/// new process has them, no descriptors but the three, and the server's environment without the variables of the server: token and
/// email are neither in its arguments nor in its environment, which other users of the machine can see.
struct CommandDelivery: MessageDelivery {
  /// An absolute path.
  let program: String
  let linkBase: SecureURL?
  let timeLimit: Duration
  /// Between SIGTERM and SIGKILL, to a program whose time is over.
  let gracePeriod: Duration
  private let environment: [String: String]

  /// - Parameter environment: the server's.
  init(
    program: String, linkBase: SecureURL?, timeLimit: Duration = .seconds(30), gracePeriod: Duration = .seconds(5),
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.program = program
    self.linkBase = linkBase
    self.timeLimit = timeLimit
    self.gracePeriod = gracePeriod
    // A name that begins with a digit is none (POSIX, chapter 8.1), and would keep the program from being run.
    self.environment = environment.filter { !$0.key.hasPrefix(Environment.prefix) && $0.key.first?.isNumber == false }
  }

  func deliver(_ message: AuthMessage) async throws {
    let line = message.json(linkBase: linkBase) + [UInt8(ascii: "\n")]
    let (status, complaint) = try await withThrowingTaskGroup { group in
      group.addTask { try await run(with: line) }
      group.addTask {
        try await Task.sleep(for: timeLimit)
        throw DeliveryFailure(description: "\(program) was ended after \(timeLimit)")
      }
      // The group waits for the other one, which ends the program when it is cancelled.
      defer { group.cancelAll() }
      return try await group.next()!
    }
    guard status != .exited(0) else { return }
    let reason = complaint.text(about: message).map { ": \($0)" } ?? ""
    throw DeliveryFailure(description: "\(program) \(Self.words(for: status))\(reason)")
  }

  private func run(with line: [UInt8]) async throws -> (TerminationStatus, CommandComplaint) {
    var options = PlatformOptions()
    // So that the signals reach what the program has started, too.
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
        // To its end, or the program would wait, or be killed, for what it has left to say.
        for try await bytes in execution.standardError { complaint.append(bytes.bytes) }
        return complaint
      }
      return (outcome.terminationStatus, outcome.closureResult)
    } catch let error as SubprocessError {
      throw DeliveryFailure(description: "\(program) cannot be run: \(error)")
    }
  }

  /// The reading end of a pipe that has all of a message already: nobody has to write while the program runs, wait for it to read,
  /// or be killed by SIGPIPE when it does not.
  private func pipe(holding line: [UInt8]) throws -> FileDescriptor {
    // Every pipe has room for as much (pipe(7)), so this never waits.
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
