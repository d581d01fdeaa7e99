@testable internal import AuthCore
@testable internal import AuthHTTP
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// Paths that become parts of responses.
extension Target {
  private static let routes = AuthRoutes(auth: Auth(policy: .strict, store: InMemoryStore()))

  /// The target of a request: a path and perhaps a query, in which `next` says where to go after a login.
  static let paths = Target(name: "Paths") { bytes in
    let target = bytes.text
    let request = Request([:], path: target)
    if let path = request.pathAfterLogin {
      require(path.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }, "a path fits into a header")
      require(path.hasPrefix("/") && !path.hasPrefix("//"), "a path begins with one slash")
      if let url = URL(string: path, relativeTo: URL(string: "https://auth.example/login")) {
        require(url.absoluteURL.host() == "auth.example", "a path leads to no other site")
      }
    }
    for route in routes.mountedRoutes {
      let exchange = Exchange(
        request: request, parameters: Parameters(), routes: routes, route: route, record: nil, source: { (nil, nil) })
      let path = exchange.groupPath
      require(path.isEmpty || path.hasPrefix("/") && !path.hasPrefix("//"), "the path of a group begins with one slash")
      require(
        path.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") },
        "the path of a group fits into a quoted string")
    }
  }
}
