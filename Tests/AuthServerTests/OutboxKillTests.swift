import Foundation
import NIOHTTP1
import TestPrograms
import Testing

/// Kills a server that changes accounts and tells their owners, again and again, and compares what arrived with what happened.
@Suite struct OutboxKillTests {
  /// `AUTH_OUTBOX_KILLS=1000` makes a thousand rounds, which take an hour.
  private static let rounds = ProcessInfo.processInfo.environment["AUTH_OUTBOX_KILLS"].flatMap { Int($0) } ?? 8
  private static let workers = 4

  private let directory: TemporaryDirectory
  private let mailbox: Mailbox

  init() throws {
    directory = try TemporaryDirectory()
    mailbox = Mailbox(path: directory.path + "/messages")
  }

  @Test(.timeLimit(.minutes(10 + rounds)))
  func `killing the server at any moment loses no message, and makes none for a change that did not happen`() async throws {
    let database = ["--database", directory.database]
    try await run(database) { _, server in
      server.signal(SIGKILL)
      #expect(await server.exitStatus == -SIGKILL)
    } registrations: {
      try Python.sqlite(directory.database, "SELECT coalesce(group_concat(email, char(10)), '') FROM registrations")
    }
  }

  #if Postgres
  @Test(.timeLimit(.minutes(10 + rounds)))
  func `killing the server or PostgreSQL loses no message, and makes none for a change that did not happen`() async throws {
    let database = try await PostgresServer()
    try await run(["--database", database.url]) { round, server in
      if round.isMultiple(of: 2) { try await database.perform(.crash) }
      server.signal(SIGKILL)
      _ = await server.exitStatus
    } registrations: {
      try await database.run("SELECT coalesce(string_agg(email, E'\\n'), '') FROM auth.registrations")
    }
  }
  #endif

  private func run(
    _ database: [String], killing kill: @escaping (_ round: Int, _ server: ServerProcess) async throws -> Void,
    registrations: () async throws -> String
  ) async throws {
    let program = directory.path + "/deliver"
    // What is appended at once is one line of the file, even if several append.
    try "#!/bin/sh\nexec cat >> '\(mailbox.path)'\n".write(toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
    let arguments =
      database + [
        "--policy", "strict", "--bcrypt-cost", "10", "--insecure-cookies",
        "--trusted-proxies", "127.0.0.1", "--delivery", "command", "--delivery-command", program,
      ]
    let ledger = OwnersLedger()
    var owners: [Owner] = []
    for round in 1...Self.rounds {
      let server = try ServerProcess(arguments)
      let client = try await Client(port: server.port)
      for var owner in await ledger.takeUnchecked() {
        try await owner.findOut(with: client)
        owners.append(owner)
      }
      // What the dead server had claimed would be due in two minutes; now it may arrive twice.
      try await retryAll(database)
      try await withThrowingTaskGroup { group in
        for worker in 0..<Self.workers {
          group.addTask {
            for number in 0... {
              var owner = Owner(round: round, worker: worker, number: number)
              let isAlive = await owner.use(with: client, mailbox, ledger)
              await ledger.add(owner)
              guard isAlive else { return }
            }
          }
        }
        await ledger.waitForAnswers(Int.random(in: 2...12))
        try await kill(round, server)
        await ledger.end()
      }
    }

    let server = try ServerProcess(arguments)
    let client = try await Client(port: server.port)
    for var owner in await ledger.takeUnchecked() {
      try await owner.findOut(with: client)
      owners.append(owner)
    }
    while try await isWaiting(database) { try await retryAll(database) }
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
    try await compare(owners, registered: Set(registrations().split(separator: "\n").map(String.init)))
  }

  private func retryAll(_ database: [String]) async throws {
    let command = try ServerProcess(["outbox", "retry", "--all"] + database, isRaw: true)
    #expect(await command.exitStatus == 0, "\(command.output)")
  }

  private func isWaiting(_ database: [String]) async throws -> Bool {
    let command = try ServerProcess(["outbox", "list"] + database, isRaw: true)
    #expect(await command.exitStatus == 0, "\(command.output)")
    return !command.output.isEmpty
  }

  /// - Parameter registered: the emails of the registrations that the database has, which were not completed.
  private func compare(_ owners: [Owner], registered: Set<String>) async throws {
    let arrived = try await mailbox.all()
    let byID = Dictionary(grouping: arrived, by: \.id)
    for (id, messages) in byID {
      let texts = Set(messages.map { $0.type == "password_changed" ? $0.text : "\($0.type) to \($0.email)" })
      #expect(texts.count == 1, "\(id) is the id of different messages: \(texts)")
    }
    let byEmail = Dictionary(grouping: arrived, by: \.email)
    #expect(Set(byEmail.keys).isSubset(of: owners.map(\.email)))
    for owner in owners {
      let messages = byEmail[owner.email] ?? []
      let changes = Self.firsts(of: messages, "password_changed")
      #expect(changes.count == owner.changes, "\(owner)")
      let times = changes.map { $0.members["changed_at"] ?? "" }
      #expect(times == times.sorted(), "\(owner): the notices came in another order")
      let isRegistered = owner.isVerified || registered.contains(owner.email)
      #expect(isRegistered || !owner.isRegistered, "\(owner): the registration is lost")
      #expect(Self.firsts(of: messages, "email_verification").count == (isRegistered ? 1 : 0), "\(owner)")
    }
    let changes = owners.map(\.changes).reduce(0, +)
    #expect(!owners.isEmpty && !arrived.isEmpty)
    print(
      """
      \(Self.rounds) kills: \(owners.count) owners, \(changes) changes of passwords, \(byID.count) messages, \
      \(arrived.count - byID.count) of them twice; in doubt were \(owners.count { $0.wasInDoubt }) changes
      """)
  }

  /// The messages of a type in the order in which they arrived first.
  private static func firsts(of messages: [Mailbox.Message], _ type: String) -> [Mailbox.Message] {
    var ids: Set<String> = []
    return messages.filter { $0.type == type && ids.insert($0.id).inserted }
  }
}

/// An account as its owner knows it: what was answered is certain, and the one request that was under way when the server died
/// may have had its effect or not.
private struct Owner: Sendable, CustomStringConvertible {
  let email: String
  private let headers: HTTPHeaders
  /// Whether a registration was confirmed, and whether the account is open.
  private(set) var isRegistered = false
  private(set) var isVerified = false
  /// How often the password was changed.
  private(set) var changes = 0
  private(set) var wasInDoubt = false
  private var doubt: Doubt?

  private enum Doubt { case verification, change }

  init(round: Int, worker: Int, number: Int) {
    email = "\(round).\(worker).\(number)@me.com"
    // From a network of its own: a hundred registrations of one are too many.
    headers = ["x-forwarded-for": "10.\(round / 256).\(round % 256).\(worker * 32 + number % 32)"]
  }

  var description: String { "\(email), changed \(changes) times" }

  private var password: String { password(changes) }

  private func password(_ number: Int) -> String { "a password of many characters \(number)" }

  /// Registers, verifies the email, logs in and changes the password a few times; false as soon as there is no answer.
  mutating func use(with client: Client, _ mailbox: Mailbox, _ ledger: OwnersLedger) async -> Bool {
    do {
      try await answer(client, .POST, "/users", ["email": email, "password": password])
      isRegistered = true
      await ledger.noteAnswer()
      var token: String?
      while token == nil {
        guard await !ledger.isOver else { return false }
        token = try await mailbox.newest("email_verification", to: email)?.members["verification_token"]
        if token == nil { try await Task.sleep(for: .milliseconds(10)) }
      }
      doubt = .verification
      try await answer(client, .PUT, "/verify_email", ["verification_token": token ?? "", "password": password])
      (doubt, isVerified) = (nil, true)
      await ledger.noteAnswer()
      var session = try await answer(client, .POST, "/sessions", ["email": email, "password": password]).sessionID
      for _ in 1...Int.random(in: 1...4) {
        doubt = .change
        let change = ["current_password": password, "new_password": password(changes + 1)]
        let answered = try await answer(client, .PUT, "/password", change, cookie: session)
        (doubt, changes, session) = (nil, changes + 1, answered.sessionID ?? session)
        await ledger.noteAnswer()
      }
      return true
    } catch {
      return false
    }
  }

  private struct NoAnswer: Error {}

  @discardableResult
  private func answer(
    _ client: Client, _ method: HTTPMethod, _ path: String, _ fields: [String: String], cookie: String? = nil
  ) async throws -> Client.Answer {
    let answer = try await client.call(method, path, fields, cookie: cookie, headers: headers)
    // 503: the change may have been made or not.
    guard answer.status != 503 else { throw NoAnswer() }
    try #require(answer.status == 200, "\(email): \(method) \(path): \(answer.text)")
    return answer
  }

  /// Lets the next server say what became of the request that was under way, and holds it to everything else.
  mutating func findOut(with client: Client) async throws {
    defer { doubt = nil }
    wasInDoubt = doubt != nil
    switch doubt {
    case .verification: isVerified = try await logIn(client, password)
    case .change: if try await logIn(client, password(changes + 1)) { changes += 1 }
    case nil: break
    }
    if isVerified { #expect(try await logIn(client, password), "\(self): the password is not the newest") }
  }

  private func logIn(_ client: Client, _ password: String) async throws -> Bool {
    try await client.call(.POST, "/sessions", ["email": email, "password": password], headers: headers).status == 200
  }
}

/// What the delivery command has written, a message in each line.
private actor Mailbox {
  struct Message: Sendable {
    let text: String
    let members: [String: String]

    var id: String { members["id"] ?? "" }
    var type: String { members["type"] ?? "" }
    var email: String { members["email"] ?? "" }
  }

  nonisolated let path: String
  private var messages: [Message] = []
  private var newest: [String: Message] = [:]
  private var file: FileHandle?
  private var rest = Data()

  init(path: String) { self.path = path }

  /// All messages in the order in which they arrived.
  func all() throws -> [Message] {
    if file == nil { file = FileHandle(forReadingAtPath: path) }
    rest += try file?.readToEnd() ?? Data()
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      let message = Message(
        text: String(decoding: line, as: UTF8.self), members: try JSONDecoder().decode([String: String].self, from: line))
      messages.append(message)
      newest["\(message.type) \(message.email)"] = message
      rest = Data(rest[rest.index(after: end)...])
    }
    return messages
  }

  func newest(_ type: String, to email: String) throws -> Message? {
    _ = try all()
    return newest["\(type) \(email)"]
  }
}

/// Who has an account, and how many requests the server of this round has answered.
private actor OwnersLedger {
  private(set) var isOver = true
  private var answersLeft = 0
  private var waiting: CheckedContinuation<Void, Never>?
  private var unchecked: [Owner] = []

  func add(_ owner: Owner) { unchecked.append(owner) }

  func takeUnchecked() -> [Owner] {
    isOver = false
    defer { unchecked = [] }
    return unchecked
  }

  func end() { isOver = true }

  func noteAnswer() {
    answersLeft -= 1
    guard answersLeft <= 0 else { return }
    waiting?.resume()
    waiting = nil
  }

  func waitForAnswers(_ count: Int) async {
    answersLeft = count
    await withCheckedContinuation { waiting = $0 }
  }
}
