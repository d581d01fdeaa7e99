internal import Hummingbird
internal import NIOCore

extension AuthRoutes.Feature {
  /// `GET /openapi.json`: the OpenAPI document of the routes that are mounted. Not among the defaults.
  public static let openAPI = Self(
    "openAPI", defaultUnder: [],
    [
      .init(.get, "/openapi.json") { routes, exchange in
        Response(status: .ok, json: routes.openAPIDocument(servedBelow: exchange.groupPath))
      } describedBy: { _ in
        Operation(id: "getDocument", summary: "The OpenAPI document of these routes.", work: .none, outcomes: [.ok()])
      }
    ])
}

extension AuthRoutes {
  /// The OpenAPI document of the routes that are mounted, with a line for each member.
  package var openAPIDocument: String {
    var buffer = ByteBuffer()
    OpenAPIDocument(self).json().writeLines(to: &buffer)
    return String(buffer: buffer)
  }
}
