import NIOCore
import Testing

@testable import AuthServer

@Suite struct IPEndpointTests {
  @Test(
    arguments: [
      ("127.0.0.1:9464", 9464, "http://127.0.0.1:7"), ("[::1]:9464", 9464, "http://[::1]:7"),
      ("0.0.0.0:0", 0, "http://0.0.0.0:7"),
      ("[2001:db8::7]:65535", 65535, "http://[2001:db8::7]:7"),
    ])
  func `an IP address and a port are taken`(_ text: String, _ port: Int, _ url: String) throws {
    let address = try IPEndpoint(setting: text)
    #expect(address.socketAddress.port == port)
    #expect(address.description(withPort: 7) == url)
  }

  @Test(
    arguments: [
      "", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:9464", "[::1]", "[::1:9464",
      "localhost:9464", "127.0.0.1:http", "127.0.0.1:9464/metrics", "http://127.0.0.1:9464",
    ])
  func `anything else is refused`(_ text: String) {
    #expect(throws: InvalidValue.self) { try IPEndpoint(setting: text) }
  }
}
