package import NIOCore

/// How much a connection accepts from its client, and how long it waits.
package struct ConnectionLimits: Sendable {
  /// The limit in bytes of a request's target and of the names and values of its fields, trailers included.
  package let largestHead: Int
  /// The number of fields of a request, trailers included.
  package let mostFields: Int
  /// The limit in bytes of a request's body.
  package let largestBody: Int
  /// How long the connection waits for the first request with its whole head, for the rest of each head and of each body, for the
  /// client to read responses, and for the client to close the connection.
  package let timeout: TimeAmount
  /// How long an open connection waits for the first byte of a further request.
  package let keepAliveTimeout: TimeAmount

  package init(largestHead: Int, mostFields: Int, largestBody: Int, timeout: TimeAmount, keepAliveTimeout: TimeAmount) {
    self.largestHead = largestHead
    self.mostFields = mostFields
    self.largestBody = largestBody
    self.timeout = timeout
    self.keepAliveTimeout = keepAliveTimeout
  }

  /// The limit in bytes of everything in a request that is not its body. It bounds what NIO's decoder skips without counting:
  /// empty lines before a request, white space around values, chunk extensions (RFC 9112, 7.1.1). It is twice the head, because
  /// the separators of the fields count here.
  package var largestFraming: Int { 2 * largestHead }
  /// How many more bytes are discarded from a client that was refused because its head or framing is too large.
  var mostDiscarded: Int { 1 << 20 }
  /// A chunk of one byte has five bytes of framing (`1␍␊x␍␊`), so the largest body is accepted in the smallest chunks.
  var framingForEachByte: Int { 5 }
  /// Nothing more is read while this many responses are due. All requests of one read are parsed at once.
  var mostResponsesDue: Int { 8 }
  /// More than `mostResponsesDue` and the requests that fit into one read. When a client closes its side, the rest of its bytes
  /// is read at once.
  var mostRequestsHeld: Int { 600 }
}
