import AuthCore
import AuthDB
import AuthHTTP
import Hummingbird

@main struct Main {
  static func main() async throws {
    let auth = Auth(policy: .strict, store: try await SQLiteStore(path: "notebook.sqlite"))
    var policy = HTTPPolicy(for: auth.policy)
    policy.cookie = .classic  // It travels over plain HTTP, for development. Behind TLS, leave this line out.
    async let _ = auth.deliverMessages(through: MailFolder(path: ".")) { print($0) }
    async let _ = auth.runMaintenance { print($0) }
    try await buildApplication(auth, policy, Notes(path: "notebook.sqlite")).runService()
  }
}

struct Credentials: Decodable { let email, password: String }
struct ResetRequest: Decodable { let email: String }
struct Reset: Decodable { let token, password: String }
struct Note: Decodable { let note: String }

/// A notebook for each user: pages for browsers, JSON for programs.
func buildApplication(_ auth: Auth, _ policy: HTTPPolicy, _ notes: Notes) -> some ApplicationProtocol {
  let router = Router(context: BasicSessionRequestContext.self)
  router.add(middleware: CrossSiteProtection(policy: policy))
  router.add(middleware: SessionAuthenticator(auth: auth, policy: policy))
  // Registration, login, password resets and the rest as JSON: POST /api/users, POST /api/sessions …
  AuthRoutes(auth: auth, policy: policy).add(to: router.group("api"))

  // Pages for everyone.
  router.get("/") { page("Notebook", $1.session == nil ? "<a href=/signup>Sign up</a>" : "<a href=/dashboard>Your notes</a>") }
  router.form("/signup", ["email", "password"], "Sign up", policy) { (form: Credentials, client, _) in
    _ = try await auth.register(email: form.email, password: form.password, from: client)
    return Response.redirect(to: "/login")
  }
  router.form("/login", ["email", "password"], "Log in", policy) { (form: Credentials, client, request) in
    let outcome = try await auth.logIn(
      email: form.email, password: form.password, replacing: policy.sessionID(in: request), from: client)
    guard let login = outcome.login else { throw HTTPError(.unauthorized, message: "wrong email or password") }
    let path = request.pathAfterLogin ?? "/dashboard"
    return Response(status: .seeOther, headers: [.location: path, .setCookie: policy.setCookie(for: login)])
  }
  router.form("/forgot", ["email"], "Reset the password", policy) { (form: ResetRequest, client, _) in
    try await auth.requestPasswordReset(email: form.email, from: client)
    return page("Check your mail", "If there is an account with this email, a message is on its way to it.")
  }
  router.form("/reset", ["token", "password"], "Set the password", policy) { (form: Reset, client, _) in
    try await auth.resetPassword(token: ResetToken(form.token), password: form.password, from: client)
    return Response.redirect(to: "/login")
  }

  let members = router.group(requiring: RequireSession(auth: auth, policy: policy, loginPage: "/login"))
  members.get("/api/notes") { _, context in try await notes.all(of: context.user.id) }
  members.get("/dashboard") { _, context in
    let list = try await notes.all(of: context.user.id).map { "<li>\($0.escaped)</li>" }.joined()
    return page(context.user.email.text, list + formHTML("/notes", ["note"], "Add") + formHTML("/logout", [], "Log out"))
  }
  members.post("/notes") { request, context in
    try await notes.add(URLEncodedFormDecoder().decode(Note.self, from: request, context: context).note, of: context.user.id)
    return Response.redirect(to: "/dashboard")
  }
  members.post("/logout") { request, context in
    try await auth.logOut(context.session.id, from: policy.client(of: request, in: context))
    return Response(status: .seeOther, headers: [.location: "/", .setCookie: policy.cookie.clearing])
  }
  return Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 8080)))
}

extension Router<BasicSessionRequestContext> {
  /// A page with a form, shown again with the reason when the visitor has to change what they entered.
  func form<Fields: Decodable & SendableMetatype>(
    _ path: RouterPath, _ names: [String], _ button: String, _ policy: HTTPPolicy,
    submit: @escaping @Sendable (Fields, Client, Request) async throws -> Response
  ) {
    let form = formHTML("", names, button)
    get(path) { _, _ in page(button, form) }
    post(path) { request, context in
      let fields = try await URLEncodedFormDecoder().decode(Fields.self, from: request, context: context)
      do {
        return try await submit(fields, policy.client(of: request, in: context), request)
      } catch let error as any HTTPResponseError where error.status.kind == .clientError {
        let reason = (error as? HTTPError)?.body ?? "\(error)"
        var response = page(button, "<p>\(reason.escaped)</p>\(form)", status: error.status)
        response.headers[.retryAfter] = try error.response(from: request, context: context).headers[.retryAfter]
        return response
      }
    }
  }
}
