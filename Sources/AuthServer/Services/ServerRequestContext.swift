internal import Hummingbird
internal import NIOCore

/// What the server knows of a request beside its text: where it came from.
struct ServerRequestContext: RemoteAddressRequestContext {
  var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// Asked of the connection only by whoever needs it. Of a client that has gone already it knows no address: all such clients count as
  /// one, not as nobody.
  var remoteAddress: SocketAddress? {
    channel.remoteAddress ?? (try? SocketAddress(ipAddress: "0.0.0.0", port: 0))
  }
}
