internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `GET /.well-known/change-password` (W3C, "A Well-Known URL for Changing Passwords"): leads password managers to
  /// ``HTTPPolicy/changePasswordURL``. Mounted only if there is one, and of use only at the root of a host.
  public static let changePasswordPage = Self(
    "changePasswordPage", defaultUnder: [.classic, .strict],
    [
      .init(.get, "/.well-known/change-password") { routes, _ in
        Response(status: .found, headers: [.location: routes.policy.changePasswordURL ?? ""] + SecurityHeaders.fields)
      } describedBy: { _ in
        Operation(
          id: "findChangePasswordPage", summary: "Leads to the page in which users change their password.", work: .none,
          outcomes: [.init(status: .found, headers: [.location])])
      }
    ], if: { $0.policy.changePasswordURL != nil })
}
