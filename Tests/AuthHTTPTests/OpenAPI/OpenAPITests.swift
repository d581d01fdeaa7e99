import AuthCore
import AuthHTTP
import AuthTesting
import Foundation
import Hummingbird
import Testing

@Suite struct OpenAPITests {
  private static let documents = URL(filePath: #filePath).appending(path: "../../../../Docs").standardizedFileURL

  /// With every feature.
  private static func document(_ preset: Preset, adjusting adjust: (inout HTTPPolicy) -> Void = { _ in }) -> String {
    var policy = preset.http
    policy.features = AuthRoutes.Feature.all.filter { preset == .strict || preset.http.features.contains($0) || $0 == .openAPI }
    policy.changePasswordURL = "https://app.example.org/password"
    policy.loginURL = "https://app.example.org/login"
    adjust(&policy)
    var authPolicy = preset.auth
    // As the server has it.
    if preset == .strict { authPolicy.emailVerification.requirement = .beforeLogin }
    let auth = Auth(policy: authPolicy, store: InMemoryStore(), hasher: sharedHasher)
    // Under classic the server has none unless messages are delivered.
    let keys = [ServiceKey(String(repeating: "k", count: 32))!]
    return AuthRoutes(auth: auth, policy: policy, serviceKeys: keys).openAPIDocument
  }

  @Test(arguments: [Preset.classic, .strict])
  func `the documents in Docs are what the routes say; AUTH_WRITE_DOCUMENTS=1 writes them`(_ preset: Preset) throws {
    let file = Self.documents.appending(path: "openapi-\(preset).json")
    let document = Self.document(preset)
    if ProcessInfo.processInfo.environment["AUTH_WRITE_DOCUMENTS"] != nil {
      try document.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == document, "run this test with AUTH_WRITE_DOCUMENTS=1")
  }

  @Test func `every code has the statuses and numbers of HTTP.md, and no other is in the document`() throws {
    let text = try String(contentsOf: Self.documents.appending(path: "HTTP.md"), encoding: .utf8)
    var statuses: [String: Set<String>] = [:]
    var numbers: [String: Set<String>] = [:]
    let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("Errors\n") })
    for row in section.split(separator: "\n") {
      guard let match = row.prefixMatch(of: /\| `([a-z_]+)` \| ([0-9, ]+) \|([^|]*)\|/) else { continue }
      statuses[String(match.1)] = Set(match.2.matches(of: /[0-9]+/).map { String($0.0) })
      numbers[String(match.1)] = Set(match.3.matches(of: /[a-z_]+/).map { String($0.0) })
    }
    var found: [String: Set<String>] = [:]
    for (status, response) in try OpenAPI(Self.document(.strict)).responses {
      guard let codes = response.codes else { continue }
      for code in codes { found[code, default: []].insert(status) }
      let expected = codes.reduce(into: Set<String>()) { $0.formUnion(numbers[$1] ?? []) }
      #expect(response.numbers == expected)
    }
    #expect(found == statuses)
  }

  @Test func `every route that is mounted has its methods in the document, and one that is not has none`() throws {
    let paths = try OpenAPI(Self.document(.strict) { $0.features = [.home, .verification, .sessionManagement] }).paths
    #expect(
      paths.mapValues { $0.sorted() } == [
        "/": ["get"], "/sessions": ["delete", "get"], "/sessions/delete": ["post"], "/sessions/{id}": ["delete"],
        "/sessions/{id}/delete": ["post"], "/verify": ["delete", "get", "options", "patch", "post", "put", "trace"],
      ])
  }

  @Test func `where pages of other origins are allowed, what their browsers ask is in the document`() throws {
    let paths = try OpenAPI(Self.document(.strict) { $0.allowedOrigins = ["https://app.example.org"] }).paths
    #expect(paths["/users"] == ["options", "post"])
  }

  @Test func `under classic an error is a message alone`() throws {
    let responses = try OpenAPI(Self.document(.classic)).responses
    #expect(responses.count > 50)
    #expect(responses.allSatisfy { $0.response.codes == nil && $0.response.mediaTypes.allSatisfy { $0 == "application/json" } })
  }

  @Test func `the document is served where the feature is on, and names the path of its group`() async throws {
    try await withService(.strict) { client in
      let response = try await client.send(.get, "/openapi.json", .empty)
      #expect(response.status == 404)
    }
    try await withService(.strict, adjusting: { $0.features.append(.openAPI) }) { client in
      let response = try await client.send(.get, "/openapi.json", .empty)
      #expect(response.status == 200 && response.headers[.contentType] == "application/json")
      #expect(response.headers[.cacheControl] == "no-store")
      #expect(try OpenAPI(response.text).server == "/")
      let second = try await client.send(.get, "/openapi.json", .empty)
      #expect(second == response)
    }
    let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: sharedHasher)
    var policy = HTTPPolicy(for: .strict)
    policy.features.append(.openAPI)
    let routes = AuthRoutes(auth: auth, policy: policy)
    try await withRouter { client in
      let response = try await client.send(.get, "/auth/openapi.json", .empty)
      #expect(try OpenAPI(response.text).server == "/auth")
    } mounting: { router in
      routes.add(to: router.group("auth"))
    }
  }
}

/// What the tests look at in a document.
private struct OpenAPI {
  typealias Object = [String: Any]

  struct Response {
    /// nil if it is not that of an error with a code.
    let codes: [String]?
    let numbers: Set<String>
    let mediaTypes: [String]

    init(_ response: Object) {
      let content = response["content"] as? [String: Object] ?? [:]
      mediaTypes = Array(content.keys)
      let schema = content["application/json"]?["schema"] as? Object
      let properties = schema?["properties"] as? [String: Object] ?? [:]
      codes = properties["code"]?["enum"] as? [String]
      numbers = Set(properties.filter { $0.value["type"] as? String == "integer" }.keys)
    }
  }

  let server: String?
  /// The methods of each path.
  let paths: [String: Set<String>]
  /// Of all operations, and those that belong to none.
  let responses: [(status: String, response: Response)]

  init(_ text: String) throws {
    let document = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object)
    server = (document["servers"] as? [Object])?.first?["url"] as? String
    let items = try #require(document["paths"] as? [String: Object])
    paths = items.mapValues { Set($0.keys) }
    let shared = try #require((document["components"] as? Object)?["responses"] as? [String: Object])
    let operations = items.values.flatMap(\.values).compactMap { $0 as? Object }
    responses =
      operations.flatMap { $0["responses"] as? [String: Object] ?? [:] }.map { status, response in
        let name = (response["$ref"] as? String)?.split(separator: "/").last.map(String.init)
        return (status, Response(name.flatMap { shared[$0] } ?? response))
      }
      + ["404": "NotFound", "405": "MethodNotAllowed"].compactMap { status, name in shared[name].map { (status, Response($0)) } }
  }
}
