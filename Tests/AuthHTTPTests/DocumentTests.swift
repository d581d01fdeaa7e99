import AuthCore
import AuthHTTP
import FoundationEssentials
import Testing

@Suite struct DocumentTests {
  @Test func `every route has a section in HTTP.md`() throws {
    let path = URL(filePath: #filePath).appending(path: "../../../Docs/HTTP.md").standardizedFileURL
    let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
    let sections = lines.filter { $0.hasPrefix("### ") }.flatMap { $0.dropFirst(4).split(separator: " and ") }
    var policy = HTTPPolicy(for: .strict)
    policy.features = AuthRoutes.Feature.all
    policy.changePasswordURL = "https://app.example.org/password"
    policy.pages = PageStyle(name: "Example")
    let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: sharedHasher)
    let routes = AuthRoutes(auth: auth, policy: policy, serviceKeys: [ServiceKey(String(repeating: "k", count: 32))!])
    #expect(routes.mountedRoutes.count >= 17)
    for route in routes.mountedRoutes {
      let path = route.path.replacing(/:(\w+)/) { "{\($0.1)}" }
      // What is a POST beside a DELETE is described with it.
      let section = route.path.hasSuffix("/delete") ? "DELETE \(path.dropLast(7))" : route.name.replacing(route.path, with: path)
      #expect(sections.contains(section[...]), "Docs/HTTP.md has no heading \(section)")
    }
  }

  @Test func `every code of an error has a row in HTTP.md, and every row a code`() throws {
    let path = URL(filePath: #filePath).appending(path: "../../../Docs/HTTP.md").standardizedFileURL
    let sections = try String(contentsOf: path, encoding: .utf8).split(separator: "\n## ")
    let rows = try #require(sections.first { $0.hasPrefix("Errors\n") }).split(separator: "\n").compactMap {
      $0.prefixMatch(of: /\| `([a-z_]+)` \| [0-9, ]+ \|/)?.1
    }
    // Those of imports and of administration, which have no routes, and of an operation that the routes do not call.
    let elsewhere: Set<AuthError.Code> = [
      .hashUnsupported, .hashMalformed, .hashTooExpensive, .unknownUserID, .verificationRequired,
    ]
    let codes = Set(AuthError.Code.allCases).subtracting(elsewhere).map(\.rawValue) + Problem.Code.allCases.map(\.rawValue)
    #expect(rows.map(String.init).sorted() == codes.sorted())
  }
}
