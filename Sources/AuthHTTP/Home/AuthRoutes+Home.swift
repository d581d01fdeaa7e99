internal import Hummingbird

extension AuthRoutes.Feature {
  /// `GET /`: a greeting. Not among the defaults: most applications have a home page of their own.
  public static let home = Self(
    "home", defaultUnder: [],
    [
      .init(.get, "/") { _, _ in
        Response(json: ["message": "Bienvenue"])
      } describedBy: { _ in
        Operation(id: "greet", summary: "Greets.", work: .none, outcomes: [.ok(.message)])
      }
    ])
}
