internal import Hummingbird
internal import NIOCore

/// What the server knows of a request beside its text: where it came from.
struct ServerRequestContext: RemoteAddressRequestContext {
  var coreContext: CoreRequestContextStorage
  /// Of a client that has gone already its connection knows no address: all such clients count as one, not as nobody.
  let remoteAddress: SocketAddress?

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    remoteAddress = source.channel.remoteAddress ?? (try? SocketAddress(ipAddress: "0.0.0.0", port: 0))
  }
}
