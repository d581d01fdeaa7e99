import AuthCore
import Foundation
import Testing

@testable import AuthServer

@Suite(.timeLimit(.minutes(10))) struct CommandTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private var output: String { directory.path + "/output" }

  /// A delivery through a shell script, in which `$out` is a file for it to write.
  ///
  /// - Parameter isTimedOut: whether the time limit is over as soon as the program has written the file; otherwise it never is.
  private func delivery(
    _ script: String, interpreter: String = "/bin/sh", isTimedOut: Bool = false,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> CommandDelivery {
    let path = directory.path + "/command"
    let beginning = interpreter == "/bin/sh" ? "out='\(output)'\n" : ""
    try "#!\(interpreter)\n\(beginning)\(script)\n".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    return CommandDelivery(
      program: path, linkBase: try? .page(SecureURL(setting: "https://example.org/reset")),
      limits: .test(environment: environment, isOverAfter: isTimedOut ? output : nil))
  }

  private func written() throws -> String { try String(contentsOfFile: output, encoding: .utf8) }

  /// What the delivery throws, after the program's path, and after a look at its words.
  private func failure(of delivery: CommandDelivery, _ message: AuthMessage = .sample) async throws -> String {
    let error = await #expect(throws: DeliveryFailure.self) { try await delivery.deliver(message) }
    let description = try #require(error).description
    #expect(message.secrets(in: description).isEmpty)
    #expect(description.hasPrefix(delivery.program + " "))
    return String(description.dropFirst(delivery.program.count + 1))
  }

  @Test func `the message comes on standard input, as a line of JSON`() async throws {
    let delivery = try delivery("cat > $out")
    try await delivery.deliver(.sample)
    #expect(try written() == String(decoding: AuthMessage.sample.json(linkBase: delivery.linkBase), as: UTF8.self) + "\n")
  }

  @Test func `the program has no arguments, and no descriptors but three`() async throws {
    try await delivery("echo $# > $out; tr '\\0' ' ' < /proc/$$/cmdline >> $out; exec ls /proc/self/fd >> $out").deliver(.sample)
    // The last one is the directory that `ls` reads.
    #expect(try written() == "0\n/bin/sh \(directory.path)/command 0\n1\n2\n3\n")
  }

  @Test func `the program has the server's environment without the variables of the server and its supervisor`() async throws {
    let environment = [
      "PATH": "/usr/bin:/bin", "HOME": "/", "LANG": "C", "SWIFT_AUTH_DATABASE": "/x", "SWIFT_AUTH_DELIVERY_COMMAND": "",
      "1": "no name", "NOTIFY_SOCKET": "/run/notify", "WATCHDOG_PID": "1", "WATCHDOG_USEC": "1", "LISTEN_PID": "1",
      "LISTEN_FDS": "1",
      "LISTEN_FDNAMES": "a",
    ]
    try await delivery("env > $out", environment: environment).deliver(.sample)
    // This one is the shell's own.
    let variables = try written().split(separator: "\n").filter { !$0.hasPrefix("PWD=") }
    #expect(variables.sorted() == ["HOME=/", "LANG=C", "PATH=/usr/bin:/bin"])
  }

  @Test func `the program has signals as a new process has them`() async throws {
    // The test's own process, as the server, ignores this one.
    #expect(try await failure(of: delivery("kill -s PIPE $$; exit 0")) == "was ended by signal \(SIGPIPE)")
  }

  @Test func `a program that does not read the message may succeed`() async throws {
    let delivery = try delivery("exec <&-; exit 0")
    for _ in 1...20 { try await delivery.deliver(.sample) }
  }

  @Test func `a failure has the status and the first line that the program says`() async throws {
    #expect(try await failure(of: delivery("exit 75")) == "ended with status 75")
    #expect(
      try await failure(of: delivery("echo 'no such mailbox' >&2; echo more >&2; exit 67"))
        == "ended with status 67: no such mailbox")
    #expect(
      try await failure(of: delivery("printf '\\033[31mred\\r\\n' >&2; exit 1")) == #"ended with status 1: \u{1b}[31mred\u{d}"#)
  }

  @Test func `what a program says and then succeeds is no failure`() async throws {
    try await delivery("echo 'as you wish' >&2; echo done").deliver(.sample)
  }

  @Test(arguments: ["bob@me.com", "BOB@Me.com", #"a"b\c <&#?/ %@x"#, "é@é.example", "\"\u{301}@x", "\\\u{301}@x"])
  func `a failure shows neither token nor email, though the program says them`(address: String) async throws {
    let message = AuthMessage.to(address)
    let failure = try await failure(of: delivery("tr 'bo' 'BO' >&2; exit 1"), message)
    #expect(failure.contains("[token]") && failure.contains("[email]"))
    #expect(failure.contains("https://example.Org/reset#email=[email]&reset_tOken=[token]"))
  }

  @Test func `a failure does not show the email of the account in a message to its recovery email`() async throws {
    let message = AuthMessage(
      id: "1", email: Email(stored: "bob@second.org"), accountEmail: Email(stored: "bob@me.com"),
      content: AuthMessage.sample.content)
    let failure = try await failure(of: delivery("tr 'bo' 'BO' >&2; exit 1"), message)
    #expect(!failure.lowercased().contains("bob@") && !failure.lowercased().contains("bob%40"))
    #expect(failure.contains("[token]") && failure.contains("https://example.Org/reset#email=[email]&reset_tOken=[token]"))
  }

  @Test func `a long first line is left out, and nobody waits for it to be read`() async throws {
    #expect(try await failure(of: delivery("head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1")) == "ended with status 1")
  }

  @Test(arguments: ["", "trap '' TERM; "])
  func `a program that hangs is ended with what it started`(beginning: String) async throws {
    let delivery = try delivery("\(beginning)tail -f $0 > /dev/null & touch $out; wait; tail -f $0", isTimedOut: true)
    #expect(try await failure(of: delivery) == "was ended after 30.0 seconds")
    // Those that are ended may still be ending.
    while try !processes(with: delivery.program).isEmpty {
      try Task.checkCancellation()
      await Task.yield()
    }
  }

  private func processes(with argument: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.filter {
      // One that ends meanwhile is none of those.
      (try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8))?.contains(argument) == true
    }
  }

  @Test func `a program may leave another behind`() async throws {
    try await delivery("sleep 1000 & echo $! > $out; exit 0").deliver(.sample)
    let left = try #require(pid_t(try written().trimmingCharacters(in: .newlines)))
    #expect(kill(left, SIGKILL) == 0)
  }

  @Test func `what a program leaves in a session of its own keeps nobody waiting beyond the time limit`() async throws {
    let delivery = try delivery(
      "setsid sleep 1000 & echo $! > $out.new; mv $out.new $out; tail -f $0 > /dev/null", isTimedOut: true)
    #expect(try await failure(of: delivery) == "was ended after 30.0 seconds")
    let left = try #require(pid_t(try written().trimmingCharacters(in: .newlines)))
    _ = kill(left, SIGKILL)
  }

  @Test func `a program that cannot be run is a failure`() async throws {
    #expect(try await failure(of: CommandDelivery(program: "/nowhere", linkBase: nil)).hasPrefix("cannot be run: "))
    #expect(try await failure(of: delivery("", interpreter: "/nowhere")).hasPrefix("cannot be run: "))
  }

  @Test(arguments: [4096, 65_537, 250_000])
  func `a long message waits in the pipe as a whole, though nobody reads it`(count: Int) async throws {
    let message = AuthMessage.to(String(repeating: "a", count: count))
    try await delivery("exit 0").deliver(message)
    let delivery = try delivery("wc -c > $out")
    try await delivery.deliver(message)
    let expected = message.json(linkBase: delivery.linkBase).count + 1
    #expect(try written() == "\(expected)\n")
  }

  @Test func `a failure shows no piece of a token`() async throws {
    let failure = try await failure(of: delivery("echo 'in t0k3n-8d5 and 8d5e2c61' >&2; exit 1"))
    #expect(failure.contains("in [token]") && !failure.contains("8d5e2c61"))
  }

  @Test func `the documented command mails the link to the email`() async throws {
    let sendmail = directory.path + "/sendmail"
    try "#!/bin/sh\necho $* > \(output); cat >> \(output)\n".write(toFile: sendmail, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: sendmail)
    let script = try documented("python", with: "sendmail").split(separator: "\n", maxSplits: 1).map(String.init)
    #expect(script[0] == "#!/usr/bin/env python3")
    try await delivery(script[1].replacing("/usr/sbin/sendmail", with: sendmail), interpreter: "/usr/bin/env python3")
      .deliver(.sample)
    let mail = try written()
    #expect(mail.hasPrefix("-t -i\n"))
    #expect(mail.contains("\nTo: bob@me.com\n"))
    #expect(mail.contains("\nhttps://example.org/reset#email=bob%40me.com&reset_token=t0k3n-8d5e2c61\n"))
  }
}
