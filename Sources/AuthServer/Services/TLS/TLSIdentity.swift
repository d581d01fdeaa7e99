internal import AuthCore
internal import AuthHTTP
internal import NIOCore
internal import NIOSSL

/// A certificate with which the server proves who it is, and its private key.
struct TLSIdentity: Sendable {
  /// The limit in bytes on a file with certificates: room for a long chain.
  static let maximumBytes = 64 * 1024

  /// What a connection that begins is set up with.
  let context: NIOSSLContext
  /// The server's own certificate, and those between it and a root.
  private let chain: [NIOSSLCertificate]
  private var certificate: NIOSSLCertificate { chain[0] }

  /// - Parameters:
  ///   - certificates: the contents of a file with the server's own certificate first.
  ///   - key: the contents of a file with its private key.
  /// - Throws: ``Problem``.
  init(certificates: [UInt8], key: [UInt8]) throws(Problem) {
    guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificates), !chain.isEmpty else { throw .noCertificate }
    // Without a function for it, BoringSSL would ask for a passphrase on the terminal.
    guard let privateKey = try? NIOSSLPrivateKey(bytes: key, format: .pem, passphraseCallback: { $0([UInt8]()) }) else {
      throw .noKey
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
    configuration.minimumTLSVersion = .tlsv12
    configuration.cipherSuiteValues = Self.cipherSuites
    configuration.applicationProtocols = ["http/1.1"]
    // A connection ends once our closure alert is sent: HTTP/1 says itself where a message ends, and a server may close without
    // waiting for the client's alert (RFC 9112, 9.8). By default a client that stays silent keeps it open for 5 s.
    configuration.shutdownTimeout = .zero
    do { context = try NIOSSLContext(configuration: configuration) } catch NIOSSLError.failedToLoadPrivateKey {
      throw .mismatch
    } catch {
      throw .unusable("\(error)")
    }
    self.chain = chain
  }

  /// For TLS 1.2 those with forward secrecy and authenticated encryption (RFC 9325, 4.2); TLS 1.3 has no others.
  private static let cipherSuites: [NIOTLSCipher] = [
    .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
  ]

  var notValidBefore: Timestamp { Timestamp(secondsSince1970: Int64(certificate.notValidBefore)) }
  var notValidAfter: Timestamp { Timestamp(secondsSince1970: Int64(certificate.notValidAfter)) }

  /// As `openssl x509 -serial` has it.
  var serialNumber: String {
    certificate.serialNumber.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }

  func isSame(as other: TLSIdentity) -> Bool { chain == other.chain }

  /// Whether clients see another certificate, and not only another way from it to a root.
  func hasSameCertificate(as other: TLSIdentity) -> Bool { certificate == other.certificate }

  /// A sentence for the operator if clients refuse the certificate at the time.
  func warning(at now: Timestamp) -> String? {
    if now < notValidBefore {
      return "the TLS certificate is valid only from \(notValidBefore.rfc3339); until then clients refuse it"
    }
    if notValidAfter < now { return "the TLS certificate expired at \(notValidAfter.rfc3339); clients refuse it" }
    return nil
  }

  /// Why the two files cannot be used.
  enum Problem: Error, Equatable {
    case noCertificate, noKey, mismatch
    /// With the reason, as swift-nio-ssl gives it.
    case unusable(String)
  }
}
