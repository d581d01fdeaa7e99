internal import AuthCore
internal import HTTPTypes

/// Makes the OpenAPI document (3.1) of the routes that are mounted, from the descriptions that are declared with them.
struct OpenAPIDocument {
  /// The version of what the routes promise to clients.
  static let version = "0.1.0"

  private let routes: AuthRoutes
  private var policy: HTTPPolicy { routes.policy }
  private var isStrict: Bool { routes.auth.policy.profile == .strict }

  /// The operations to which a link may lead.
  private let ids: Set<String>

  init(_ routes: AuthRoutes) {
    self.routes = routes
    ids = Set(routes.mountedRoutes.compactMap { $0.describe?(routes).id })
  }

  /// - Parameter path: of the group to which the routes were added.
  func json(servedBelow path: String = "") -> JSON {
    [
      "openapi": "3.1.0",
      "info": [
        "title": "Authentication service", "version": .string(Self.version),
        "description": """
        Every route, response, header and error code. HEAD works where GET does. Unknown paths get the response NotFound, other \
        methods MethodNotAllowed. Every DELETE is also a POST, for clients that send no body with a DELETE.
        """,
      ],
      "servers": [["url": .string(path.isEmpty ? "/" : path)]],
      "paths": .object(paths),
      "components": [
        "schemas": ["Flag": Self.flag, "Session": Self.session],
        "responses": .object(
          Refusal.shared.map { .init(name: $0.name, value: response($0.refusals.first!.status, to: Array($0.refusals))) }),
        "headers": .object(Self.fixedHeaders.map { .init(name: $0.name, value: $0.header) }),
        "securitySchemes": .object([
          "sessionCookie": ["type": "apiKey", "in": "cookie", "name": .string(policy.cookie.name)],
          "sessionToken": ["type": "http", "scheme": "bearer", "description": "A session id."],
          "serviceKey": routes.serviceKeys.isEmpty
            ? nil : ["type": "http", "scheme": "bearer", "description": "The key of a back end."],
        ]),
      ],
    ]
  }

  // MARK: Operations

  private var paths: [JSON.Member] {
    var paths: [(path: String, routes: [AuthRoutes.Route])] = []
    for route in routes.mountedRoutes where route.describe != nil {
      if let index = paths.firstIndex(where: { $0.path == route.path }) {
        paths[index].routes.append(route)
      } else {
        paths.append((route.path, [route]))
      }
    }
    return paths.map { path, routes in
      .init(name: Self.template(path), value: .object(routes.flatMap(operations) + preflight(routes)))
    }
  }

  /// `/sessions/{id}` for `/sessions/:id`.
  private static func template(_ path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).map { component in
      component.utf8.first == UInt8(ascii: ":") ? "{\(component.dropFirst())}" : String(component)
    }.joined(separator: "/")
  }

  private func parameters(_ operation: Operation, at path: String, _ method: HTTPRequest.Method?) -> JSON? {
    // All of them are digests. A preflight does not read them.
    let schema: JSON = method == .options ? ["type": "string"] : ["type": "string", "pattern": "^[0-9a-f]{64}$"]
    let names = path.split(separator: "/").filter { $0.utf8.first == UInt8(ascii: ":") }.map { String($0.dropFirst()) }
    let parameters: [JSON] =
      names.map { ["name": .string($0), "in": "path", "required": true, "schema": schema] }
      + operation.query.map { ["name": .string($0), "in": "query", "schema": ["type": "string", "enum": ["true"]]] }
    return parameters.isEmpty ? nil : .array(parameters)
  }

  /// An operation for each method that OpenAPI has and the route takes.
  private func operations(of route: AuthRoutes.Route) -> [JSON.Member] {
    guard let operation = route.describe?(routes) else { return [] }
    guard let method = route.method else {
      return ["get", "put", "post", "delete", "options", "patch", "trace"].map { method in
        let id = method == "get" ? operation.id : operation.id + method.prefix(1).uppercased() + method.dropFirst()
        return .init(name: method, value: json(operation, id: id, at: route.path, nil))
      }
    }
    return [.init(name: method.rawValue.lowercased(), value: json(operation, id: operation.id, at: route.path, method))]
  }

  private func json(_ operation: Operation, id: String, at path: String, _ method: HTTPRequest.Method?) -> JSON {
    let refusals = Dictionary(grouping: Set(operation.refusals(method, policy)), by: \.status)
    let responses =
      operation.outcomes.map {
        ($0.status, response($0, links: $0.status == .ok ? operation.links.filter { ids.contains($0.id) } : []))
      }
      + refusals.map { status, refusals in (status, reference(to: refusals) ?? response(status, to: refusals)) }
    return .object([
      "operationId": .string(id), "summary": .string(operation.summary),
      "security": security(operation.credential),
      "parameters": parameters(operation, at: path, method),
      "requestBody": requestBody(operation),
      "responses": .object(
        responses.sorted { $0.0.code < $1.0.code }.map { .init(name: "\($0.code)", value: $1) }),
    ])
  }

  private func security(_ credential: Operation.Credential) -> JSON {
    let session: [JSON] = [["sessionCookie": []], ["sessionToken": []]]
    return switch credential {
    case .none: []
    case .session(let isRequired): .array(session + (isRequired ? [] : [[:]]))
    case .serviceKey(let isRequired): .array([["serviceKey": []]] + (isRequired ? [] : [[:]]))
    }
  }

  /// What browsers ask before they send what a form cannot, where pages of other origins may send requests.
  private func preflight(_ routes: [AuthRoutes.Route]) -> [JSON.Member] {
    guard !policy.origins.isEmpty, let path = routes.first(where: { $0.method != nil })?.path else { return [] }
    let words = path.split { !($0.isLetter || $0.isNumber) }.map { $0.prefix(1).uppercased() + $0.dropFirst() }
    let operation = Operation(
      id: "options" + words.joined(), summary: "Says what pages of other origins may send.", work: .none,
      outcomes: [
        .init(
          status: .noContent, headers: [.allow],
          optionalHeaders: [.accessControlAllowMethods, .accessControlAllowHeaders, .accessControlMaxAge])
      ])
    return [.init(name: "options", value: json(operation, id: operation.id, at: path, .options))]
  }

  // MARK: Requests

  private func requestBody(_ operation: Operation) -> JSON? {
    let fields = operation.fields
    guard !fields.isEmpty else { return nil }
    func object(_ fields: [Operation.Input], requiring required: [Form.Field], isJSON: Bool) -> JSON {
      .object([
        "type": "object", "required": required.isEmpty ? nil : .strings(required.map(\.rawValue)),
        "properties": .object(fields.map { .init(name: $0.field.rawValue, value: schema(of: $0, isJSON: isJSON)) }),
      ])
    }
    let required = fields.filter(\.isRequired).map(\.field)
    func form(isJSON: Bool) -> JSON {
      guard !operation.alternatives.isEmpty else { return object(fields, requiring: required, isJSON: isJSON) }
      // Whole objects, because generators make a type of each.
      let bodies = operation.alternatives.map { alternative in
        let others = operation.alternatives.joined().filter { !alternative.contains($0) }
        return object(fields.filter { !others.contains($0.field) }, requiring: required + alternative, isJSON: isJSON)
      }
      return ["anyOf": .array(bodies)]
    }
    return [
      "required": .bool(!required.isEmpty || !operation.alternatives.isEmpty),
      "content": [
        "application/json": ["schema": form(isJSON: true)],
        "application/x-www-form-urlencoded": ["schema": form(isJSON: false)],
        "multipart/form-data": ["schema": form(isJSON: false)],
      ],
    ]
  }

  private func schema(of input: Operation.Input, isJSON: Bool) -> JSON {
    if input.field.isFlag { return isJSON ? Self.reference("schemas", "Flag") : Self.flagText }
    var members: [JSON.Member] = [
      .init(name: "type", value: "string"), .init(name: "maxLength", value: .number(input.field.limit)),
    ]
    let auth = routes.auth.policy
    switch (input.field, auth.emailRule) {
    case (.email, .emailAddress) where input.isNew:
      // Without the format "email", which is another rule.
      members.append(.init(name: "pattern", value: .string(Self.emailPattern)))
    case (.email, _) where input.isNew:
      members.append(.init(name: "pattern", value: #"^[^\u0000-\u001f\u007f-\u009f]+$"#))
    case (.password, _), (.newPassword, _), (.currentPassword, _):
      members.append(.init(name: "format", value: "password"))
      if input.isNew { members.append(.init(name: "minLength", value: .number(auth.passwords.minimumLength))) }
    default: break
    }
    return .object(members)
  }

  /// The rule of `EmailRule.emailAddress`, as the HTML Living Standard has it, with the limit of what is before the `@`.
  private static let emailPattern =
    #"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@\#(label)(\.\#(label))*$"#
  private static let label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"

  private static let flagText: JSON = ["type": "string", "enum": ["true", "on", "1", "false", "off", "0"]]
  private static let flag: JSON = ["anyOf": [["type": "boolean"], flagText]]

  // MARK: Responses

  private func response(_ outcome: Operation.Outcome, links: [Operation.Link]) -> JSON {
    let bodies = outcome.bodies.map { Self.object($0.members, optional: $0.optional) }
    let schema: JSON? = bodies.count > 1 ? ["anyOf": .array(bodies)] : bodies.first
    return .object([
      "description": .string(outcome.status.reasonPhrase),
      "headers": headers(outcome.headers, optional: outcome.optionalHeaders),
      "content": schema.map { ["application/json": ["schema": $0]] },
      "links": links.isEmpty ? nil : .object(links.map { .init(name: $0.id, value: Self.link($0)) }),
    ])
  }

  private static func link(_ link: Operation.Link) -> JSON {
    func object(_ expressions: KeyValuePairs<String, String>) -> JSON? {
      expressions.isEmpty ? nil : .object(expressions.map { .init(name: $0.key, value: .string($0.value)) })
    }
    return .object([
      "operationId": .string(link.id), "parameters": object(link.parameters), "requestBody": object(link.fields),
    ])
  }

  private func response(_ status: HTTPResponse.Status, to refusals: [Refusal]) -> JSON {
    var (required, optional): ([HTTPField.Name], [HTTPField.Name]) = ([], [])
    if status == .unauthorized { required.append(.wwwAuthenticate) }
    if status == .methodNotAllowed { required.append(.allow) }
    if refusals.allSatisfy(\.hasRetryAfter) {
      required.append(.retryAfter)
    } else if refusals.contains(where: \.hasRetryAfter) {
      optional.append(.retryAfter)
    }
    var content: [JSON.Member] = [.init(name: "application/json", value: ["schema": schema(of: refusals, isRFC9457: false)])]
    if isStrict {
      content.append(.init(name: "application/problem+json", value: ["schema": schema(of: refusals, isRFC9457: true)]))
    }
    return [
      "description": .string(status.reasonPhrase), "headers": headers(required, optional: optional), "content": .object(content),
    ]
  }

  /// The shared response with these refusals, if there is one.
  private func reference(to refusals: [Refusal]) -> JSON? {
    Refusal.shared.first { $0.refusals == Set(refusals) }.map { Self.reference("responses", $0.name) }
  }

  private func schema(of refusals: [Refusal], isRFC9457: Bool) -> JSON {
    let text: JSON = ["type": "string"]
    guard isStrict else { return ["type": "object", "required": ["message"], "properties": ["message": text]] }
    let standard = isRFC9457 ? ["detail", "status", "title", "type"] : ["message"]
    let numbers = Set(refusals.flatMap(\.numbers))
    let properties =
      standard.map { JSON.Member(name: $0, value: $0 == "status" ? ["type": "integer"] : text) }
      + [.init(name: "code", value: ["type": "string", "enum": .strings(refusals.map(\.code).sorted())])]
      + (refusals.contains(where: \.hasField) ? [.init(name: "field", value: text)] : [])
      + numbers.sorted().map { .init(name: $0, value: ["type": "integer"]) }
    let common = numbers.filter { number in refusals.allSatisfy { $0.numbers.contains(number) } }
    let required = standard + ["code"] + (refusals.allSatisfy(\.hasField) ? ["field"] : []) + common.sorted()
    return ["type": "object", "required": .strings(required), "properties": .object(properties)]
  }

  private func headers(_ required: [HTTPField.Name], optional: [HTTPField.Name]) -> JSON {
    let text: JSON = ["type": "string"]
    var members = Self.fixedHeaders.map { JSON.Member(name: $0.name, value: Self.reference("headers", $0.name)) }
    members += required.map { .init(name: $0.rawName, value: ["required": true, "schema": text]) }
    let crossOrigin: [HTTPField.Name] =
      policy.origins.isEmpty
      ? [] : [.vary, .accessControlAllowOrigin, .accessControlAllowCredentials, .accessControlExposeHeaders]
    members += (optional + crossOrigin).map { .init(name: $0.rawName, value: ["schema": text]) }
    return .object(members)
  }

  /// Those of every response. `X-Request-ID` comes with an access log.
  private static let fixedHeaders: [(name: String, header: JSON)] =
    SecurityHeaders.fields.map { ($0.name.rawName, ["required": true, "schema": ["const": .string($0.value)]]) }
    + [("X-Request-ID", ["schema": ["type": "string"]])]

  private static func object(_ members: [Operation.Member], optional: [Operation.Member] = []) -> JSON {
    [
      "type": "object", "required": .strings(members.map(\.rawValue)),
      "properties": .object((members + optional).map { .init(name: $0.rawValue, value: $0.schema) }),
    ]
  }

  private static let session = object(
    [.createdAt, .current, .expiresAt, .id, .lastUsedAt], optional: [.address, .userAgent])

  private static func reference(_ kind: String, _ name: String) -> JSON { ["$ref": .string("#/components/\(kind)/\(name)")] }
}

extension Operation.Member {
  fileprivate var schema: JSON {
    switch self {
    case .address, .email, .id, .message, .recoveryEmail, .registration, .resetToken, .sessionID, .sub, .userAgent:
      ["type": "string"]
    case .active, .current: ["type": "boolean"]
    case .authTime, .exp, .iat: ["type": "integer"]
    case .createdAt, .expiresAt, .lastUsedAt, .verifiedAt: ["type": "string", "format": "date-time"]
    case .amr: ["type": "array", "items": ["type": "string"]]
    case .sessions: ["type": "array", "items": ["$ref": "#/components/schemas/Session"]]
    }
  }
}
