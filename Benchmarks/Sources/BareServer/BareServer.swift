import Hummingbird
import Logging

/// Hummingbird with one route that answers what `GET /profile` answers and knows it already: what no service on this framework can be
/// faster than. The only argument is the port.
@main
struct BareServer {
  static func main() async throws {
    let router = Router()
    router.get("/profile") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"email":"user1@example.org"}"# + "\n")))
    }
    var logger = Logger(label: "BareServer")
    logger.logLevel = .warning
    let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 8080
    let application = Application(
      router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)), logger: logger)
    try await application.runService()
  }
}
