internal import ArgumentParser

/// The server's own TLS, where no proxy in front of it does it.
struct TLSSettings: SettingGroup {
  @Option(Certificate.self) var certificate: Given<Certificate>
  enum Certificate: Setting {
    static let name = "tls-certificate"
    static let isReloadable = true
    static let help = """
      The file with the server's certificate and those that lead to a root, in PEM: TLS 1.2 and 1.3 on every IP address on which \
      the server listens.
      """
    static let placeholder = "file"
    typealias Value = String
  }

  @Option(Key.self) var key: Given<Key>
  enum Key: Setting {
    static let name = "tls-key"
    static let isReloadable = true
    static let help = "The file with the private key of the certificate, in PEM, without a passphrase."
    static let placeholder = "file"
    typealias Value = String
  }
}
