internal import AuthCore
internal import HTTPTypes

/// A header that tells a proxy, and the application behind it, whose session a request belongs to.
///
///     policy.identityHeaders = IdentityHeader.defaults + [IdentityHeader("Remote-Session", .session)!]
///
/// Its value is printable ASCII without spaces. All other bytes, and the percent sign, are percent-encoded (RFC 3986, 2.1), so
/// that decoding always gives back what was meant.
public struct IdentityHeader: Sendable, Hashable {
  /// What a header tells.
  public enum Value: String, Sendable, CaseIterable {
    /// The id of the user, which never changes and is never used again.
    case id
    /// The email as it was registered. It may change hands, so applications must not keep data by it.
    case email
    /// The public name of the session, ``AuthCore/Session/id``, which cannot be presented as one.
    case session
  }

  /// `Remote-User` with the id and `Remote-Email` with the email.
  public static let defaults = [Self("Remote-User", .id)!, Self("Remote-Email", .email)!]

  /// What the header tells.
  public let value: Value

  let fieldName: HTTPField.Name

  /// The name of the header.
  public var name: String { fieldName.rawName }

  /// nil for a name that no header can have (RFC 9110, 5.1), or that means something else in a response or to a connection.
  public init?(_ name: String, _ value: Value) {
    guard let fieldName = HTTPField.Name(name), !Self.reserved.contains(fieldName) else { return nil }
    self.fieldName = fieldName
    self.value = value
  }

  private static let reserved: Set<HTTPField.Name> = Set(
    SecurityHeaders.fields.map(\.name) + [
      .accessControlAllowCredentials, .accessControlAllowHeaders, .accessControlAllowMethods, .accessControlAllowOrigin,
      .accessControlExposeHeaders, .accessControlMaxAge, .acceptRanges, .age, .allow, .authenticationInfo, .clearSiteData,
      .connection, .contentDisposition, .contentEncoding, .contentLanguage, .contentLength, .contentLocation, .contentRange,
      .contentType, .date, .eTag, .expires, .lastModified, .location, .proxyAuthenticate, .requestID, .retryAfter, .server,
      .setCookie, .strictTransportSecurity, .trailer, .transferEncoding, .upgrade, .vary, .wwwAuthenticate,
    ] + ["Keep-Alive", "Link", "Refresh", "TE", "Via"].compactMap { HTTPField.Name($0) })

  func value(of profile: Profile, _ sessionID: SessionID) -> String {
    switch value {
    case .id: "\(profile.id)"
    case .email: Self.encoded(profile.email.text)
    case .session: sessionID.digest.hex
    }
  }

  private static func encoded(_ text: String) -> String {
    // Nearly every email is as it is.
    func isKept(_ byte: UInt8) -> Bool { (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "%") }
    return text.utf8.allSatisfy(isKept) ? text : text.percentEncoded(keeping: isKept)
  }
}
