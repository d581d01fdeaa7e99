internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

/// The cookie that carries the session id. Scripts cannot read it (`HttpOnly`), and other sites' forms do not send it
/// (`SameSite=Lax`).
public struct SessionCookie: Sendable, Equatable {
  /// The name of the cookie.
  public let name: String

  /// Whether browsers send it over TLS only.
  public let isSecure: Bool

  /// The domain whose hosts all get the cookie; nil for the host that set it alone.
  public let domain: String?

  /// `session_id`, which is sent over plain HTTP as well.
  public static let classic = SessionCookie(name: "session_id", isSecure: false)

  /// `__Host-session_id`: browsers accept it from this host only, over TLS (RFC 6265bis, section 4.1.3.2).
  public static let strict = SessionCookie(name: "__Host-session_id", isSecure: true)

  /// `__Secure-session_id`, for sessions across sibling hosts: browsers send it to the domain and to every host under it, over
  /// TLS.
  ///
  /// This is weaker than ``strict``. Every one of those hosts gets the session id, and every one, even over plain HTTP in older
  /// browsers, can plant a cookie of its own in its place and so have a user act in another session: all of them must be yours.
  public static func strict(domain: String) -> SessionCookie {
    SessionCookie(name: "__Secure-session_id", isSecure: true, domain: domain)
  }

  /// Creates a cookie. Browsers refuse one whose name begins with `__Host-` unless it is secure and without a domain.
  public init(name: String, isSecure: Bool, domain: String? = nil) {
    self.name = name
    self.isSecure = isSecure
    self.domain = domain
  }

  /// Adds what another `Cookie` header of a request says: the session id, if it is the first with this name.
  ///
  /// If there are several cookies with this name, the first one is used. For a secure cookie, different values are an
  /// error: one of them was planted.
  ///
  /// - Throws: ``RequestRefusal/severalCookies``.
  func read(_ header: String, into first: inout String?) throws(RequestRefusal) {
    // Hummingbird's own lookup keeps the spaces and quotation marks that some clients put around a value (RFC 6265, 4.1.1).
    var start = 0
    while let place = nextValue(in: header.utf8.span, from: &start) {
      let index = header.utf8.index(header.startIndex, offsetBy: place.lowerBound)
      let value = String(header[index..<header.utf8.index(index, offsetBy: place.count)])
      guard let earlier = first else {
        first = value
        continue
      }
      guard !isSecure || value.hasSameBytes(as: earlier) else { throw .severalCookies }
    }
  }

  /// Where the next value of this cookie is in a header. Bytes are read by their numbers, because slices of a string are several
  /// times slower, and every request has such a header.
  private func nextValue(in header: Span<UInt8>, from start: inout Int) -> Range<Int>? {
    while start < header.count {
      let pair = start..<(header.firstIndex(of: UInt8(ascii: ";"), in: start..<header.count) ?? header.count)
      start = pair.upperBound + 1
      if let sign = header.firstIndex(of: UInt8(ascii: "="), in: pair),
        header.hasBytes(name.utf8.span, in: header.trimmingSpaces(pair.lowerBound..<sign))
      {
        return header.unquoting(header.trimmingSpaces((sign + 1)..<pair.upperBound))
      }
    }
    return nil
  }

  /// The value of a `Set-Cookie` header that gives a browser the session id.
  ///
  /// - Parameter lifetime: how long the browser keeps it; nil for until it is closed.
  func setting(_ sessionID: SessionID, lifetime: Duration?) -> String {
    header(sessionID.text, maxAge: lifetime)
  }

  /// The value of a `Set-Cookie` header that makes a browser forget the session id.
  public var clearing: String { header("", maxAge: .zero) }

  // Hummingbird's Cookie prints its attributes in an order that changes from one run to the next.
  private func header(_ value: String, maxAge: Duration?) -> String {
    var header = "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax"
    if isSecure { header += "; Secure" }
    if let domain { header += "; Domain=\(domain)" }
    if let maxAge { header += "; Max-Age=\(maxAge.components.seconds)" }
    return header
  }
}

extension Span<UInt8> {
  fileprivate func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound {
      if self[index] == byte { return index }
      index += 1
    }
    return nil
  }

  fileprivate func hasBytes(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard range.count == bytes.count else { return false }
    var index = 0
    while index < bytes.count {
      if self[range.lowerBound + index] != bytes[index] { return false }
      index += 1
    }
    return true
  }

  fileprivate func trimmingSpaces(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isSpace(self[start]) { start += 1 }
    while start < end, isSpace(self[end - 1]) { end -= 1 }
    return start..<end
  }

  /// Without the quotation marks that are around it.
  fileprivate func unquoting(_ range: Range<Int>) -> Range<Int> {
    let quote = UInt8(ascii: "\"")
    guard range.count >= 2, self[range.lowerBound] == quote, self[range.upperBound - 1] == quote else { return range }
    return (range.lowerBound + 1)..<(range.upperBound - 1)
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
