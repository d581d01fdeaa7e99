package import HTTPTypes

/// What every answer says to browsers. None of them is a page, so that nothing at all is allowed to them.
package enum SecurityHeaders {
  /// Answers are about one person at one moment (`no-store`); JSON is not to be taken for something else (`nosniff`); nothing is to be
  /// loaded, framed or sent from here (CSP); and no other site is to learn an address of ours.
  package static let fields: HTTPFields = [
    .cacheControl: "no-store",
    .xContentTypeOptions: "nosniff",
    .contentSecurityPolicy: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    .referrerPolicy: "no-referrer",
  ]
}

extension HTTPField.Name {
  static var referrerPolicy: Self { Self("Referrer-Policy")! }
  static var clearSiteData: Self { Self("Clear-Site-Data")! }
  static var secFetchSite: Self { Self("Sec-Fetch-Site")! }
  static var forwardedFor: Self { Self("X-Forwarded-For")! }
}
