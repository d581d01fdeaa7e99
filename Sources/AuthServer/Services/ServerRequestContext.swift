internal import Hummingbird
internal import NIOCore

/// The context of a request, which knows the client's IP address.
struct ServerRequestContext: RemoteAddressRequestContext {
  var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// Read from the connection only when it is needed. The address of a client that has already gone is unknown; all such clients
  /// count as one.
  var remoteAddress: SocketAddress? {
    channel.remoteAddress ?? (try? SocketAddress(ipAddress: "0.0.0.0", port: 0))
  }
}
