import Foundation
import NIOHTTP1
import Testing

/// Accounts that are used before their email is verified, with the real program.
@Suite(.timeLimit(.minutes(10))) struct UnverifiedAccountServeTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test(arguments: TestDatabase.allCases)
  func `an operator sees an unverified account, cannot reset its password, and vouches for it`(
    on database: TestDatabase
  ) async throws {
    let place = try await database.arguments(for: directory)
    let server = try ServerProcess(
      place + [
        "--policy", "strict", "--verify-emails", "before-recovery", "--bcrypt-cost", "10", "--delivery", "command",
        "--delivery-command", "/bin/true",
      ])
    let client = try await Client(port: server.port)
    func run(_ arguments: String...) async throws -> (status: Int32, output: String) {
      let process = try ServerProcess(arguments + place + ["--policy", "strict"], isRaw: true)
      return (await process.exitStatus, process.output)
    }
    let (email, password) = ("bob@me.com", "correct horse battery")
    let registered = try await client.call(.POST, "/users", ["email": email, "password": password])
    #expect(registered.status == 200)
    #expect(registered.json["registration"] != nil)
    #expect(try await client.call(.POST, "/sessions", ["email": email, "password": password]).status == 200)

    #expect(try await run("user", "list", "--state", "unverified").output == "1         unverified bob@me.com\n")
    let shown = try json(try await run("user", "show", email, "--json").output)
    #expect(shown["state"] as? String == "unverified")
    #expect(shown["unverified_until"] is String)
    let refused = try await run("user", "send-reset", email)
    #expect(refused.status == 1)
    #expect(refused.output.contains("then run 'AuthServer user vouch 1'"))
    let vouched = try json(try await run("user", "vouch", email, "--json").output)
    #expect(vouched["state"] as? String == "active")
    #expect(vouched["unverified_until"] is NSNull)
    #expect(try await run("user", "send-reset", email).status == 0)
    #expect(try await run("user", "events", email).output.contains("email_vouched_for"))
  }
}
