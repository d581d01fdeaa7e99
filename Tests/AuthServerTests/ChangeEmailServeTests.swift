import Foundation
import NIOHTTP1
import Testing

/// Changes of emails with the real program, whose servers are killed between the steps.
@Suite struct ChangeEmailServeTests {
  private let directory: TemporaryDirectory
  private let mailbox: CommandMailbox

  init() throws {
    directory = try TemporaryDirectory()
    mailbox = try CommandMailbox(in: directory)
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestDatabase.allCases)
  func `a change of email and its taking back survive a kill after every step`(on database: TestDatabase) async throws {
    let arguments =
      try await database.arguments(for: directory) + [
        "--policy", "strict", "--verify-emails", "off", "--bcrypt-cost", "10", "--delivery", "command", "--delivery-command",
      ]
    let (old, new, password, other) = ("bob@me.com", "bobby@me.com", "correct horse battery", "staple of another colour")
    func start(delivering: Bool = true) async throws -> (ServerProcess, Client) {
      // A message in the hand of a killed server would not be due yet.
      if delivering { _ = try await database.run("UPDATE outbox SET due_at = 0", in: directory) }
      let server = try ServerProcess(arguments + [delivering ? mailbox.command : "/bin/false"])
      return (server, try await Client(port: server.port))
    }
    func kill(_ server: ServerProcess) async {
      server.signal(SIGKILL)
      _ = await server.exitStatus
    }

    var (server, client) = try await start(delivering: false)
    #expect(try await client.call(.POST, "/users", ["email": old, "password": password]).status == 200)
    let login = ["email": old, "password": password, "return_session_id": "true"]
    let session = try #require(try await client.call(.POST, "/sessions", login).json["session_id"])
    let bearer: HTTPHeaders = ["authorization": "Bearer \(session)"]
    #expect(try await client.call(.PUT, "/email", ["email": new], headers: bearer).status == 200)
    await kill(server)

    (server, client) = try await start()
    let asked = try await mailbox.messages(in: database)
    #expect(asked["email_change_requested to \(old)"] != nil)
    let token = try #require(asked["email_change to \(new)"]?["email_change_token"])
    let confirmation = ["email_change_token": token, "password": password]
    #expect(try await client.call(.PUT, "/confirm_email", confirmation).json["email"] == new)
    await kill(server)

    (server, client) = try await start()
    #expect(try await client.call(.GET, "/profile", headers: bearer).json["email"] == new)
    #expect(try await client.call(.PUT, "/confirm_email", confirmation).status == 403)
    #expect(try await client.call(.POST, "/users", ["email": old, "password": password]).status == 400)
    let changed = try #require(try await mailbox.messages(in: database)["email_changed to \(old)"])
    let takeBack = ["take_back_token": try #require(changed["take_back_token"]), "new_password": other]
    #expect(try await client.call(.PUT, "/take_back_email", takeBack).json["email"] == old)
    await kill(server)

    (server, client) = try await start()
    #expect(try await client.call(.GET, "/profile", headers: bearer).status == 403)
    #expect(try await client.call(.POST, "/sessions", ["email": old, "password": other]).status == 200)
    #expect(try await client.call(.POST, "/sessions", ["email": new, "password": other]).status == 401)
    #expect(try await client.call(.PUT, "/take_back_email", takeBack).status == 403)
    let told = try await mailbox.messages(in: database)
    #expect(told["password_changed to \(old)"]?["cause"] == "email_taken_back")
    #expect(told["email_taken_back to \(new)"] != nil)
    for secret in [password, other, takeBack["take_back_token"]!, token, session] {
      #expect(!server.output.contains(secret))
    }
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
  }
}
