internal import AuthCore
internal import AuthHTTP

/// Where the links in messages lead.
enum LinkBase: Sendable {
  /// The operator's own page, which reads email and token from the address of the page with a script.
  ///
  /// They are in the fragment, which browsers do not send (RFC 3986, section 3.5). In a query they would be in the log of every
  /// server and proxy on the way, and in the `Referer` of everything that the page loads.
  case page(SecureURL)
  /// The pages of the server, which work without scripts, and so need email and token in the query. The server logs no query,
  /// loads nothing else and tells no one the address: Docs/Decisions/0031-pages.md.
  case pages(ServerURL)

  /// - Parameter name: of the field in which the page sends the token.
  func link(to email: Email, _ name: String, _ token: some SecretToken) -> String {
    let fields = "email=\(email.text.percentEncoded())&\(name)=\(token.text.percentEncoded())"
    return switch self {
    case .page(let url): "\(url.text)#\(fields)"
    case .pages(let server): "\(server.text)\(AuthRoutes.pagePath(taking: name) ?? "/")?\(fields)"
    }
  }

  /// The page to which password managers lead users who change their password; nil for none.
  var changePasswordURL: String? {
    if case .pages(let server) = self { server.text + AuthRoutes.forgotPasswordPath } else { nil }
  }
}
