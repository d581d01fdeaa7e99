import Foundation
import NIOHTTP1
import Testing

/// A recovery email with the real program, which delivers by a command.
@Suite struct RecoveryEmailServeTests {
  private let directory: TemporaryDirectory
  private let mailbox: CommandMailbox

  init() throws {
    directory = try TemporaryDirectory()
    mailbox = try CommandMailbox(in: directory)
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestDatabase.allCases)
  func `a recovery email gets the token that is asked for, and both emails are told`(on database: TestDatabase) async throws {
    let (bob, second, password, other) = ("bob@me.com", "bob@second.org", "correct horse battery", "staple of another colour")
    let server = try await ServerProcess(
      database.arguments(for: directory) + [
        "--policy", "strict", "--verify-emails", "off", "--bcrypt-cost", "10", "--delivery", "command", "--delivery-command",
        mailbox.command, "--link-base", "https://example.org/reset",
      ])
    let client = try await Client(port: server.port)
    #expect(try await client.call(.POST, "/users", ["email": bob, "password": password]).status == 200)
    let login = ["email": bob, "password": password, "return_session_id": "true"]
    let session = try #require(try await client.call(.POST, "/sessions", login).json["session_id"])
    let bearer: HTTPHeaders = ["authorization": "Bearer \(session)"]
    #expect(try await client.call(.GET, "/recovery_email", headers: bearer).status == 404)
    #expect(try await client.call(.PUT, "/recovery_email", ["email": second], headers: bearer).status == 200)
    let asked = try #require(try await mailbox.messages(in: database)["recovery_email to \(second)"])
    #expect(asked["account_email"] == nil && asked["link"]?.contains("recovery_email_token=") == true)
    let confirmation = ["code": try #require(asked["code"])]
    #expect(try await client.call(.PUT, "/confirm_recovery_email", confirmation, headers: bearer).status == 200)
    #expect(try await client.call(.GET, "/recovery_email", headers: bearer).json["recovery_email"] == second)

    let request = ["email": bob, "to_recovery_email": "true"]
    #expect(try await client.call(.POST, "/reset_password", request).status == 200)
    let reset = try #require(try await mailbox.messages(in: database)["password_reset to \(second)"])
    #expect(reset["account_email"] == bob && reset["link"]?.contains("#email=bob%40me.com&reset_token=") == true)
    let use = ["email": bob, "reset_token": try #require(reset["reset_token"]), "new_password": other]
    #expect(try await client.call(.PUT, "/reset_password", use).status == 200)
    #expect(try await client.call(.POST, "/sessions", ["email": bob, "password": other]).status == 200)

    let told = try await mailbox.messages(in: database)
    #expect(told["recovery_email_changed to \(bob)"]?["cause"] == "confirmed")
    #expect(told["password_changed to \(bob)"]?["cause"] == "reset")
    let copy = told["password_changed to \(second)"]
    #expect(copy?["cause"] == "reset" && copy?["account_email"] == bob)
    #expect(copy?["id"] != told["password_changed to \(bob)"]?["id"])
    #expect(told["password_reset to \(bob)"] == nil)
    for secret in [password, other, use["reset_token"]!, confirmation["code"]!, session, second] {
      #expect(!server.output.contains(secret))
    }
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
  }
}
