internal import NIOHTTP1

/// What has to be done after an event, in this order.
struct ConnectionActions: Equatable {
  /// Read and discard everything from now on. A connection that is closed while bytes are unread is reset, and the last response
  /// may be lost (RFC 9112, 9.6).
  var discarding: Discarding?
  /// Send `100 Continue`, for which the client waits before it sends its body (RFC 9110, 10.1.1).
  var sendsContinue = false
  /// Pass the request on. There will be one response.
  var request: IncomingRequest?
  var closing: Closing?
  /// Do the read that was held back.
  var reads = false

  enum Discarding {
    case everything
    /// ``ConnectionLimits/mostDiscarded`` bytes. More of them close the connection.
    case bounded
  }

  enum Closing {
    /// Close our side when everything is sent.
    case output
    /// Close the connection in a second, if the client has not closed it.
    case soon
    /// Ask the connection in a second what to do, if no request has come until then.
    case unlessUsed
    /// Close the connection.
    case atOnce
  }

  static var none: ConnectionActions { ConnectionActions() }
}
