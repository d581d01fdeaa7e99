public import AuthCore
public import HTTPTypes

/// What ``AuthRoutes`` do beyond the rules of `AuthPolicy`: the part of a policy that only HTTP knows.
public struct HTTPPolicy: Sendable, Equatable {
  /// The cookie that carries the session id.
  public var cookie: SessionCookie

  /// The path to which a logout leads.
  public var logOutPath: String

  /// The status with which it leads there.
  public var logOutStatus: HTTPResponse.Status

  /// Whether whoever asks for a reset token gets it in the answer: then everybody can set the password of every address that they
  /// know. Otherwise the request is stored, and delivered by `Auth.deliverNextReset(through:)`.
  public var answersWithResetToken: Bool

  /// Whether there are the routes with which users change their password, delete their account, list and end their sessions.
  public var offersSelfService: Bool

  /// Whether a request that changes something is refused when a browser says that a page of another origin sent it.
  public var refusesCrossSiteRequests: Bool

  /// Origins whose pages may send such requests all the same, as browsers write them: `https://app.example.org`.
  public var allowedOrigins: [String]

  /// Proxies whose `X-Forwarded-For` is believed. From all others the address of the connection counts.
  public var trustedProxies: [IPNetwork]
}

extension HTTPPolicy {
  /// The original specification to the letter; goes with `AuthPolicy.classic`.
  public static let classic = HTTPPolicy(
    cookie: .classic, logOutPath: "/", logOutStatus: .found, answersWithResetToken: true, offersSelfService: false,
    refusesCrossSiteRequests: false, allowedOrigins: [], trustedProxies: [])

  /// For production; goes with `AuthPolicy.strict`.
  public static let strict = HTTPPolicy(
    cookie: .strict,
    logOutPath: "/",
    // After a 302 a browser's fetch() repeats DELETE at the new place; after a 303 it sends GET (RFC 9110, 15.4.4).
    logOutStatus: .seeOther,
    answersWithResetToken: false,
    offersSelfService: true,
    refusesCrossSiteRequests: true,
    allowedOrigins: [],
    trustedProxies: [])
}
