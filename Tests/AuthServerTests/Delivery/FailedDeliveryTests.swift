import Foundation
import NIOHTTP1
import Testing

/// What the log says of a message that could not be delivered.
@Suite(.timeLimit(.minutes(10))) struct FailedDeliveryTests {
  @Test func `a failed delivery names the message and its user, and no email`() async throws {
    let server = try ServerProcess([
      "--database", ":memory:", "--bcrypt-cost", "4", "--delivery", "command", "--delivery-command", "/usr/bin/false",
    ])
    let client = try await Client(port: server.port)
    let account = ["email": "bob@me.com", "password": "b4l0u"]
    #expect(try await client.call(.POST, "/users", account).status == 200)
    #expect(try await client.call(.POST, "/reset_password", account).status == 200)
    let line = /error AuthServer: message=[0-9a-f-]{36} user=1 \[AuthServer\] a message was not delivered and will be tried again/
    try await server.waitForOutput("will be tried again")
    #expect(server.output.contains(line))
    #expect(!server.output.contains("bob@me.com"))
  }
}
