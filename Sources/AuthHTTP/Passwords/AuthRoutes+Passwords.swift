internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `PUT /password`: a logged-in user sets a new password.
  public static let passwordChange = Self(
    "passwordChange", defaultUnder: [.strict],
    [
      .init(.put, "/password") { try await $0.changePassword($1) }
    ])
}

extension AuthRoutes {
  fileprivate func changePassword(_ exchange: Exchange) async throws -> Response {
    let sessionID = try exchange.requireSessionID()
    let form = try await Form(exchange.request)
    let (current, new) = try (form.currentPassword, form.text(.newPassword))
    do {
      let login = try await auth.changePassword(sessionID: sessionID, current: current, new: new, from: exchange.client)
      exchange.record?.note(login.user.id)
      var response = Response(json: ["email": login.user.email.text, "message": "password changed"])
      response.headers[.setCookie] = policy.setCookie(for: login)
      return response
    } catch .invalidPassword(let problem) {
      return FormError.refused(.newPassword, problem.description).response
    }
  }
}
