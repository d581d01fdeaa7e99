internal import AuthCore
internal import CoreMetrics
internal import NIOCore
internal import NIOSSL

/// The TLS of connections that begin. Those that are open keep the certificate with which they began.
struct TLSContext: Reloadable {
  private let current: Current<NIOSSLContext>
  private let expiry = Meter(label: "auth_tls_certificate_expiry_timestamp_seconds")

  init(_ identity: TLSIdentity) {
    current = Current(identity.context)
    expiry.set(identity.notValidAfter.secondsSince1970)
  }

  /// The handlers of a connection, before all others.
  func makeHandlers() -> [any ChannelHandler] { [PlainHTTPRefusal(), NIOSSLServerHandler(context: current.value)] }

  func prepare(_ configuration: ServerConfiguration) -> @Sendable () -> Void {
    guard let identity = configuration.tls else { return {} }
    return {
      current.replace(with: identity.context)
      expiry.set(identity.notValidAfter.secondsSince1970)
    }
  }
}
