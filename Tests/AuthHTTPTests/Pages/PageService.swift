import AuthCore
import AuthTesting
import HTTPTypes
import Hummingbird
import Synchronization
import Testing

@testable import AuthHTTP

/// A service with pages, under strict, where emails are verified.
struct PageService: Sendable {
  let store: InterceptingStore
  /// How many operations the store was asked for.
  let operations = Operations()
  let mailbox = Mailbox()
  let events = RecordedEvents()
  let clock = ManualClock()
  let auth: Auth
  let policy: HTTPPolicy

  init(
    _ preset: Preset = .strict, verifying requirement: AuthPolicy.EmailVerification.Requirement = .beforeLogin,
    adjusting adjust: (inout HTTPPolicy) -> Void = { _ in }
  ) {
    var policy = preset.auth
    policy.emailVerification.requirement = preset == .classic ? .off : requirement
    policy.passwordReset.returnsToken = false
    store = InterceptingStore(InMemoryStore()) { [operations] _ throws(StoreError) in operations.add() }
    auth = Auth(policy: policy, store: store, hasher: sharedHasher, events: events, clock: clock)
    var http = HTTPPolicy(for: policy)
    http.pages = PageStyle(name: "Bob's <Shop>", homeURL: "https://example.org/?a=1&b=2")
    adjust(&http)
    self.policy = http
  }

  func run(_ test: @Sendable (Client) async throws -> Void) async throws {
    let routes = AuthRoutes(auth: auth, policy: policy)
    try await withRouter(test) { router in
      router.add(middleware: JSONErrors(for: routes))
      routes.add(to: router)
    }
  }

  /// The fields of the link in the newest message.
  func nextLink() async throws -> [String: String] {
    try await mailbox.deliverAll(from: auth)
    return try #require(mailbox.all.last?.link)
  }

  /// An account, and the fields of the link with which it gets a new password.
  func resetLink(_ email: String = Strict.email) async throws -> [String: String] {
    _ = try await store.addUser(email: Email(email), hashedPassword: PasswordHash("x"))
    try await auth.requestPasswordReset(email: email, from: .unknown)
    return try await nextLink()
  }

  /// Bob, who has asked for another email, and the fields of the links to the present email and to the new one.
  func emailChangeLinks(
    to new: String = "bob@me.org"
  ) async throws -> (takeBack: [String: String], confirmation: [String: String]) {
    let hash = try await sharedHasher.hash(Password(Strict.password))
    _ = try await store.addUser(email: Email(Strict.email), hashedPassword: hash)
    let login = try #require(try await auth.logIn(email: Strict.email, password: Strict.password, from: .unknown).login)
    try await auth.requestEmailChange(sessionID: login.sessionID, to: new, password: nil, from: .unknown)
    try await mailbox.deliverAll(from: auth)
    func link(to email: String) throws -> [String: String] {
      try #require(mailbox.all.last { $0.email.text == email }?.link)
    }
    return (try link(to: Strict.email), try link(to: new))
  }

  /// Bob, who has asked for a recovery email, and the fields of the link to it.
  func recoveryEmailLink(to second: String) async throws -> [String: String] {
    let hash = try await sharedHasher.hash(Password(Strict.password))
    _ = try await store.addUser(email: Email(Strict.email), hashedPassword: hash)
    let login = try #require(try await auth.logIn(email: Strict.email, password: Strict.password, from: .unknown).login)
    try await auth.requestRecoveryEmail(sessionID: login.sessionID, to: second, from: .unknown)
    return try await nextLink()
  }

  /// The fields of the link with which an account opens.
  func verificationLink(_ email: String = Strict.email) async throws -> [String: String] {
    _ = try await auth.requestRegistration(email: email, password: Strict.password, from: .unknown)
    return try await nextLink()
  }

  func canLogIn(_ password: String) async throws -> Bool {
    try await auth.logIn(email: Strict.email, password: password, from: .unknown).login != nil
  }

  final class Operations: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock(\.self) }

    func add() { number.withLock { $0 += 1 } }
  }
}

extension Client {
  /// Opens a link, with a query as messages have it.
  func open(
    _ page: String, _ fields: [String: String] = [:], _ method: HTTPRequest.Method = .get
  ) async throws -> ClientResponse {
    let query = fields.map { "\($0)=\($1.percentEncoded())" }.joined(separator: "&")
    return try await send(method, "/pages/\(page)?\(query)")
  }

  /// Sends the form of a page, as a browser does.
  func submit(_ page: String, _ fields: [String: String], headers: HTTPFields = [:]) async throws -> ClientResponse {
    let body = fields.map { "\($0)=\($1.percentEncoded())" }.joined(separator: "&")
    return try await send(.post, "/pages/\(page)", .form(body), headers: headers)
  }
}

extension ClientResponse {
  /// The name of the input that the error is about, its own sentence, or that of the whole page; nil without an error.
  var fault: (input: String?, sentence: String)? {
    if let match = text.firstMatch(of: /<p class="error" id="([a-z_]+)-error" role="alert">([^<]*)<\/p>/) {
      return (String(match.1), String(match.2))
    }
    let alert = text.firstMatch(of: /<div class="alert" role="alert" tabindex="-1" autofocus>([^<]*)<\/div>/)
    return alert.map { (nil, String($0.1)) }
  }

  var title: String { text.firstMatch(of: /<title>([^<]*)<\/title>/).map { String($0.1) } ?? "" }
  var hasForm: Bool { text.contains("novalidate") }
}
