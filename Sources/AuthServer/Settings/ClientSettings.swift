internal import ArgumentParser

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
      Other origins separated by commas, such as `https://app.example.org`, whose pages may send requests, under `strict`.
      """
    static let placeholder = "list"
    typealias Value = OriginList
  }

  @Option(KeyFile.self) var serviceKeyFile: Given<KeyFile>
  enum KeyFile: Setting {
    static let name = "service-key-file"
    static let isReloadable = true
    static let help = """
      The file with the keys of back ends that are given reset tokens: on each line one of 32 ASCII characters or more, without \
      spaces.
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
    static let textOfDefault: String? = "false"
    typealias Value = Bool
  }
}
