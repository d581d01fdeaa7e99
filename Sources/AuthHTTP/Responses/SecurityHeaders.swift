package import HTTPTypes
internal import Hummingbird

/// The headers for browsers that every response has.
package enum SecurityHeaders {
  /// Responses are about one person at one moment (`no-store`); JSON must not be taken for another type (`nosniff`); no response
  /// is a page, so that none may load, frame or send anything (CSP); and no other site may learn our paths (`no-referrer`).
  package static let fields: HTTPFields = [
    .cacheControl: "no-store",
    .xContentTypeOptions: "nosniff",
    .contentSecurityPolicy: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    .referrerPolicy: "no-referrer",
  ]
}

extension HTTPPolicy {
  /// The headers that make a browser forget the session and, if ``clearsSiteData``, all that it stores for the site.
  var forgettingHeaders: HTTPFields {
    var headers: HTTPFields = [.setCookie: cookie.clearing]
    // Not `"cookies"`, which would clear those of every host under the domain: ours is cleared by name.
    if clearsSiteData { headers[.clearSiteData] = #""cache", "storage""# }
    return headers
  }
}

extension HTTPField.Name {
  static var referrerPolicy: Self { Self("Referrer-Policy")! }
  static var clearSiteData: Self { Self("Clear-Site-Data")! }
  static var secFetchSite: Self { Self("Sec-Fetch-Site")! }
  static var forwardedFor: Self { Self("X-Forwarded-For")! }
}
