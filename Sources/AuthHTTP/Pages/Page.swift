internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

/// A page for people: a form that does one thing. `GET` shows the form and does nothing else; `POST` does it.
///
/// A page is declared in the folder of its feature, and listed in ``all``. Its words are in ``PageTexts``.
struct Page: Sendable {
  /// An input that a person sees.
  struct Input: Sendable {
    /// A flag is a box to be ticked.
    let field: Form.Field
    /// What password managers fill in and keep (HTML Living Standard, 4.10.18.7); nil for a flag.
    var autocomplete: Autocomplete?
    /// Whether the link brings the value.
    var isGiven = false
  }

  enum Autocomplete: String, Sendable {
    case username
    case currentPassword = "current-password"
    case newPassword = "new-password"
  }

  /// What the page does with a form.
  ///
  /// - Throws: what a route throws. An error that is about an input names its field.
  typealias Submit = @Sendable (AuthRoutes, Form, Exchange) async throws -> Void

  /// The last component of its path.
  let name: String
  /// The secret that the link of a message brings, beside the email; nil for a page that anyone may open.
  var token: Form.Field?
  var inputs: [Input]
  var words: @Sendable (PageTexts) -> PageTexts.Words
  /// The name of the page that sends another message, which takes an email; nil if no page does.
  var renewal: String?
  /// Changes what is different under the policy of the routes.
  var adapt: @Sendable (inout Page, AuthRoutes) -> Void = { _, _ in }
  let submit: Submit

  /// Every page that there is.
  static let all: [Page] = [.forgotPassword, .newPassword, .verifyEmail, .confirmEmail, .takeBackEmail, .confirmRecoveryEmail]

  var path: String { "/pages/\(name)" }

  var routes: [AuthRoutes.Route] { [AuthRoutes.Route(.get, of: self), AuthRoutes.Route(.post, of: self)] }
}

extension AuthRoutes.Feature {
  /// Pages that the links of messages lead to, and the one that asks for a message: ``HTTPPolicy/pages`` says how they look.
  /// Mounted only if it is set.
  public static let pages = Self(
    "pages", defaultUnder: [.classic, .strict], Page.all.flatMap(\.routes), if: { $0.policy.pages != nil })
}

extension AuthRoutes {
  /// The path of the page to which the link of a message leads, by the name of the field with the link's secret.
  package static func pagePath(taking field: String) -> String? {
    Page.all.first { $0.token?.rawValue == field }?.path
  }

  /// The path of the page that sends a link with which users set a new password.
  package static var forgotPasswordPath: String { Page.forgotPassword.path }
}

extension AuthRoutes.Route {
  /// A route of a page.
  convenience init(_ method: HTTPRequest.Method, of page: Page) {
    self.init(method, page.path, page: page) { routes, exchange in
      method == .post ? try await routes.submit(page, exchange) : try routes.show(page, exchange)
    }
  }
}

/// An error on its way to the page with the form that it is about.
struct PageRefusal: Error {
  let cause: any Error
  let form: Form
}

// MARK: - Responses

extension AuthRoutes {
  /// The form, with what the link brings. It asks nothing of the store: programs open links to look at them.
  fileprivate func show(_ page: Page, _ exchange: Exchange) throws -> Response {
    let form = Form(query: exchange.request.uri.query ?? "")
    do throws(FormError) {
      if let token = page.token { _ = try form.filled(token) }
      for input in page.inputs where input.isGiven { _ = try form.filled(input.field) }
    } catch {
      throw PageRefusal(cause: error, form: form)
    }
    return response(.ok, view(of: page).form(form, problem: nil))
  }

  fileprivate func submit(_ page: Page, _ exchange: Exchange) async throws -> Response {
    let form = try await Form(exchange.request)
    do { try await page.submit(self, form, exchange) } catch { throw PageRefusal(cause: error, form: form) }
    return response(.ok, view(of: page).done(form))
  }

  /// The page again, with what is wrong, in the status that the API has for it.
  ///
  /// - Parameter form: what was sent; nil if that could not be read.
  func response(to problem: Problem, on page: Page, form: Form?) -> Response {
    var response = response(problem.status, view(of: page).form(form, problem: problem))
    response.headers.append(contentsOf: problem.headers)
    return response
  }

  private func view(of page: Page) -> PageView {
    var page = page
    page.adapt(&page, self)
    // The routes of pages are mounted only if there is a style.
    return PageView(
      page: page, style: policy.pages ?? PageStyle(name: ""), texts: .english, minimumLength: auth.policy.passwords.minimumLength)
  }

  private func response(_ status: HTTPResponse.Status, _ html: HTML) -> Response {
    Response(
      status: status, headers: policy.pages?.headers ?? SecurityHeaders.fields,
      body: ResponseBody(byteBuffer: .init(string: html.source)))
  }
}
