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
    let routes = AuthRoutes(auth: Auth(policy: .strict, store: InMemoryStore(), hasher: sharedHasher), policy: policy)
    for route in routes.mountedRoutes {
      let section = "\(route.method) \(route.path.replacing(/:(\w+)/) { "{\($0.1)}" })"
      #expect(sections.contains(section[...]), "Docs/HTTP.md has no heading \(section)")
    }
  }
}
