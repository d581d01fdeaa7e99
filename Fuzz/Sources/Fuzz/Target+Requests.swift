@testable internal import AuthCore
@testable internal import AuthHTTP
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What is read from a request's headers.
extension Target {
  /// Lines `Cookie: …`, `Authorization: …` and `Query: …`.
  static let credentials = Target(name: "Credentials") { bytes in
    var (fields, query) = (HTTPFields(), "")
    for line in bytes.lines {
      guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { continue }
      // As NIO gives it to us.
      let value = String(line[line.utf8.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
      guard HTTPField.isValidValue(value) else { continue }
      switch line[..<colon] {
      case "Cookie": fields.append(HTTPField(name: .cookie, value: value))
      case "Authorization": fields.append(HTTPField(name: .authorization, value: value))
      case "Query": query = value
      default: break
      }
    }
    let request = Request(fields, path: "/profile?\(query)")
    for policy in [AuthPolicy.classic, .strict] { check(request, under: HTTPPolicy(for: policy)) }
  }

  private static func check(_ request: Request, under policy: HTTPPolicy) {
    let cookies = request.headers[values: .cookie]
    let authorizations = request.headers[values: .authorization]
    let cookie = try? policy.sessionID(in: Request(request.headers.filter { $0.name == .cookie }, path: "/"))
    if let text = cookie?.text {
      require(cookies.contains { $0.utf8.firstRange(of: text.utf8) != nil }, "a session id is part of a cookie")
      require(!text.utf8.contains(UInt8(ascii: ";")), "a session id ends with its cookie")
    }
    let bearer = try? request.bearerToken
    if let bearer {
      require(authorizations.count == 1, "one bearer token has one header")
      require(authorizations[0].utf8.firstRange(of: bearer.utf8) != nil, "a token is part of its header")
      require(bearer.utf8.first != UInt8(ascii: " ") && bearer.utf8.last != UInt8(ascii: " "), "a token has no spaces around it")
    }

    do {
      let id = try policy.sessionID(in: request)
      require((id == nil) == (cookie == nil && bearer == nil), "a session id that was sent is read")
      for sent in [cookie?.digest, bearer.map { SessionID($0).digest }] {
        require(sent == nil || sent == id?.digest, "of two session ids that differ none counts")
      }
    } catch {
      require(cookies.count + authorizations.count > 0, "without credentials nothing is refused")
    }

    // What we set comes back as it was set.
    if let id = cookie ?? bearer.map(SessionID.init) { checkReturn(of: id, under: policy) }
    if let value = request.queryValue("others") {
      require((request.uri.query ?? "").utf8.firstRange(of: value.utf8) != nil, "a value is part of the query")
    }
  }

  private static func checkReturn(of id: SessionID, under policy: HTTPPolicy) {
    let setting = policy.cookie.setting(id, lifetime: .seconds(60))
    let pair = String(Substring(setting.utf8.prefix { $0 != UInt8(ascii: ";") }))
    guard id.text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: ";") }) else {
      return
    }
    for value in [pair, "a=b; \(pair)", "\(pair); a=b", "\(policy.cookie.name)x=1; \(pair)"] {
      let request = Request([.cookie: value], path: "/")
      require(try policy.sessionID(in: request)?.text.hasSameBytes(as: id.text) == true, "a cookie that is set is read")
    }
  }

  /// `Host`, `Sec-Fetch-Site`, and the rest `Origin`, each in a line; empty ones are left out.
  static let origin = Target(name: "Origin") { bytes in
    let lines = bytes.lines
    guard lines.allSatisfy(HTTPField.isValidValue), let site = HTTPField.Name("sec-fetch-site") else { return }
    var fields = HTTPFields()
    if lines.count > 1, !lines[1].isEmpty { fields.append(HTTPField(name: site, value: lines[1])) }
    let origins = lines.dropFirst(2).filter { !$0.isEmpty }
    for origin in origins { fields.append(HTTPField(name: .origin, value: origin)) }
    let request = Request(fields, authority: lines[0], path: "/")
    var policy = HTTPPolicy(for: .strict)
    let isFromElsewhere = isRefused(request, under: policy)

    if fields.isEmpty { require(!isFromElsewhere, "who says nothing is no browser") }
    if fields[site] == nil, let origin = origins.first, !isFromElsewhere {
      let own = comparable("://\(lines[0])")
      require(comparable(origin).suffix(own.count) == own[...], "an own origin ends with the host")
    }
    if let value = fields[site], value != "same-origin", value != "none" { require(isFromElsewhere, "another site is refused") }
    policy.allowedOrigins = request.headers[values: .origin]
    guard origins.allSatisfy({ WebOrigin($0) != nil }) else { return }
    require(origins.isEmpty || !isRefused(request, under: policy), "an origin that is allowed is allowed")
  }

  /// The form that one place has in every spelling: in lower case, an IPv6 address as short as can be, without a default port.
  private static func comparable(_ text: String) -> [UInt8] {
    let folded = Array(text.utf8.foldedASCII)
    guard let open = folded.firstIndex(of: UInt8(ascii: "[")), let close = folded.lastIndex(of: UInt8(ascii: "]")), open < close,
      let address = IPAddress(String(decoding: folded[(open + 1)..<close], as: UTF8.self))
    else { return withoutDefaultPort(folded) }
    return withoutDefaultPort(folded[...open] + Array("\(address)".utf8) + folded[close...])
  }

  /// A text that may end with a port, such as `a:443`, as `a:0443` and `a` also write it.
  private static func withoutDefaultPort(_ text: [UInt8]) -> [UInt8] {
    guard let colon = text.lastIndex(of: UInt8(ascii: ":")), let port = Int(String(decoding: text[(colon + 1)...], as: UTF8.self))
    else {
      return text
    }
    return Array(text[..<colon]) + (port == 80 || port == 443 ? [] : Array(":\(port)".utf8))
  }

  private static func isRefused(_ request: Request, under policy: HTTPPolicy) -> Bool {
    do { try policy.refuseCrossSite(request) } catch {
      require(error == .crossSite, "nothing else is refused here")
      return true
    }
    return false
  }
}

extension Request {
  init(_ fields: HTTPFields, authority: String? = nil, path: String) {
    let head = HTTPRequest(method: .post, scheme: nil, authority: authority, path: path, headerFields: fields)
    self.init(head: head, body: RequestBody(buffer: ByteBuffer()))
  }
}
