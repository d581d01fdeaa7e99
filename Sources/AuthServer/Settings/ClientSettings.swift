internal import ArgumentParser
internal import AuthHTTP

/// Which proxies, origins and back ends are trusted, and how the cookie is sent.
struct ClientSettings: SettingGroup {
  @Option(TrustedProxies.self) var trustedProxies: Given<TrustedProxies>
  enum TrustedProxies: Setting {
    static let name = "trusted-proxies"
    static let isReloadable = true
    static let help = """
      IP addresses and networks separated by commas, such as `127.0.0.1,10.0.0.0/8`, whose `X-Forwarded-For` is believed; `unix` \
      for those on a Unix socket.
      """
    static let placeholder = "list"
    typealias Value = ProxyList
  }

  @Option(AllowedOrigins.self) var allowedOrigins: Given<AllowedOrigins>
  enum AllowedOrigins: Setting {
    static let name = "allowed-origins"
    static let isReloadable = true
    static let help = """
      Other origins separated by commas, such as `https://app.example.org`, whose pages may send requests and read the responses, \
      under `strict`.
      """
    static let placeholder = "list"
    typealias Value = OriginList
  }

  @Option(KeyFile.self) var serviceKeyFile: Given<KeyFile>
  enum KeyFile: Setting {
    static let name = "service-key-file"
    static let isReloadable = true
    static let help = """
      The file with the keys of back ends that are given reset tokens and may ask about sessions: on each line one of 32 ASCII \
      characters or more, without spaces.
      """
    static let placeholder = "file"
    typealias Value = String
  }

  @Flag var insecureCookies: GivenFlag<InsecureCookies>?
  enum InsecureCookies: Setting {
    static let name = "insecure-cookies"
    static let help = "Sends the session cookie over plain HTTP under `strict`, for development."
    static let placeholder = ""
    static let defaultText = "false"
    static func textOfDefault(under _: PolicyName) -> String? { "false" }
    typealias Value = Bool
  }

  @Option(CookieDomain.self) var cookieDomain: Given<CookieDomain>
  enum CookieDomain: Setting {
    static let name = "cookie-domain"
    static let help = """
      The domain, such as `example.org`: browsers send the session cookie to all its hosts, which must all be yours. Under `strict`.
      """
    static let placeholder = "domain"
    typealias Value = DomainName
  }

  @Option(IdentityHeaders.self) var identityHeaders: Given<IdentityHeaders>
  enum IdentityHeaders: DefaultedSetting {
    static let name = "identity-headers"
    static let isReloadable = true
    static let help = """
      The headers with which `/verify` responds to a proxy, separated by commas, each with its value: `id`, `email` or `session`.
      """
    static let placeholder = "list"
    static let defaultValue = IdentityHeaderList(values: IdentityHeader.defaults)
    typealias Value = IdentityHeaderList
  }

  @Option(LoginURL.self) var loginURL: Given<LoginURL>
  enum LoginURL: Setting {
    static let name = "login-url"
    static let isReloadable = true
    static let help = "The page to which `/verify` sends browsers without a session: \(SecureURL.rule)."
    static let placeholder = "url"
    typealias Value = SecureURL
  }

  @Option(ChangePasswordURL.self) var changePasswordURL: Given<ChangePasswordURL>
  enum ChangePasswordURL: Setting {
    static let name = "change-password-url"
    static let isReloadable = true
    static let help = "The page to which `/.well-known/change-password` leads: \(SecureURL.rule)."
    static let placeholder = "url"
    typealias Value = SecureURL
  }

  @Option(ClearSiteData.self) var clearSiteData: Given<ClearSiteData>
  enum ClearSiteData: DefaultedSetting {
    static let name = "clear-site-data"
    static let isReloadable = true
    static let help = """
      Whether a logout makes browsers delete all that they store for the origin, which may be that of an application, too.
      """
    static let placeholder = "true|false"
    static let defaultValue = true
    typealias Value = Bool
  }

  @Flag var openAPI: GivenFlag<OpenAPI>?
  enum OpenAPI: Setting {
    static let name = "openapi"
    static let isReloadable = true
    static let help = "Serves the OpenAPI document of the service at `/openapi.json`."
    static let placeholder = ""
    static let defaultText = "false"
    static func textOfDefault(under _: PolicyName) -> String? { "false" }
    typealias Value = Bool
  }
}
