internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `PUT /password`: a logged-in user sets a new password.
  public static let passwordChange = Self(
    "passwordChange", defaultUnder: [.strict],
    [
      .init(.put, "/password") {
        try await $0.changePassword($1)
      } describedBy: { routes in
        Operation(
          id: "changePassword", summary: "Sets a new password. The session continues under a new id; all others end.",
          credential: .session(isRequired: true),
          fields: [.required(.currentPassword), .new(.newPassword), .optional(.returnSessionID)], work: .hashing,
          outcomes: [.handingSession(routes)], errors: [.wrongPassword, .throttled])
      }
    ])
}

extension AuthRoutes {
  fileprivate func changePassword(_ exchange: Exchange) async throws -> Response {
    let sessionID = try exchange.requireSessionID()
    let form = try await Form(exchange.request)
    let (current, new, carrier) = try (form.currentPassword, form.text(.newPassword), SessionCarrier(form))
    do throws(AuthError) {
      let login = try await auth.changePassword(sessionID: sessionID, current: current, new: new, from: exchange.client)
      exchange.record?.note(login.user.id)
      return response(handing: login, by: carrier, message: "password changed")
    } catch {
      if case .invalidPassword = error { throw FormError.refused(.newPassword, error) }
      throw error
    }
  }
}
