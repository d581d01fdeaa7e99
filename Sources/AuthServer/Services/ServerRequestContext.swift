internal import AuthHTTP
internal import Hummingbird
internal import NIOCore

/// The context of a request, which knows the client's IP address.
struct ServerRequestContext: RemoteAddressRequestContext {
  var coreContext: CoreRequestContextStorage
  /// nil without an access log.
  var record: (any UserRecord)?
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// Read from the connection only when it is needed.
  var remoteAddress: SocketAddress? { channel.remoteAddress }
}
