import NIOHTTP1
import Testing

@testable import AuthServer

@Suite struct OpenAPIServeTests {
  @Test(arguments: [[], ["--openapi"]])
  func `the document is served where it is turned on, and has the version of the server`(_ arguments: [String]) async throws {
    let server = try ServerProcess(["--database", ":memory:", "--bcrypt-cost", "4"] + arguments)
    let answer = try await Client(port: server.port).call(.GET, "/openapi.json")
    #expect(answer.status == (arguments.isEmpty ? 404 : 200))
    #expect(answer.text.contains(#""version":"\#(AuthServer.version)""#) == !arguments.isEmpty)
  }
}
