import AuthCore
import AuthDB
import AuthHTTP
import Hummingbird

@main struct Main {
  static func main() async throws {
    let auth = Auth(policy: .strict, store: try await SQLiteStore(path: "notebook.sqlite"))
    var policy = HTTPPolicy(for: auth.policy)
    policy.cookie = .classic  // It travels over plain HTTP, for development. Behind TLS, leave this line out.
    let application = try await buildApplication(auth, policy, Notes(path: "notebook.sqlite"))
    try await withThrowingTaskGroup { group in
      group.addTask { await auth.deliverMessages(through: MailFolder(path: ".")) { print($0) } }
      group.addTask { await auth.runMaintenance { print($0) } }
      try await application.runService()
      group.cancelAll()
    }
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
  router.get("/") { _, context in
    page("Notebook", context.session == nil ? #"<a href="/signup">Sign up</a>"# : #"<a href="/dashboard">Your notes</a>"#)
  }
  router.form("/signup", ["email", "password"], "Sign up") { (form: Credentials, request, context) in
    _ = try await auth.serving(request, in: context, policy: policy).register(email: form.email, password: form.password)
    return Response.redirect(to: "/login")
  }
  router.form("/login", ["email", "password"], "Log in") { (form: Credentials, request, context) in
    let outcome = try await auth.serving(request, in: context, policy: policy)
      .logIn(email: form.email, password: form.password, replacing: context.session?.id)
    guard let login = outcome.login else { throw HTTPError(.unauthorized, message: "wrong email or password") }
    let path = request.pathAfterLogin ?? "/dashboard"
    return Response(status: .seeOther, headers: [.location: path, .setCookie: policy.setCookie(for: login)])
  }
  router.form("/forgot", ["email"], "Reset the password") { (form: ResetRequest, request, context) in
    try await auth.serving(request, in: context, policy: policy).requestPasswordReset(email: form.email)
    return page("Check your mail", "If there is an account with this email, a message is on its way to it.")
  }
  router.form("/reset", ["token", "password"], "Set the password") { (form: Reset, request, context) in
    let auth = auth.serving(request, in: context, policy: policy)
    try await auth.resetPassword(token: ResetToken(form.token), password: form.password)
    return Response.redirect(to: "/login")
  }

  // For logged-in users only.
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
    try await auth.serving(request, in: context, policy: policy).logOut(context.session.id)
    return Response(status: .seeOther, headers: [.location: "/", .setCookie: policy.cookie.clearing])
  }
  return Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 8080)))
}
