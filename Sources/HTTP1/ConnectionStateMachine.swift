internal import NIOCore
internal import NIOHTTP1

/// The server's side of HTTP/1 on one connection, as a value: each event changes the state and returns actions.
///
/// - It passes on whole requests. A request whose body is too large is passed on without its body as soon as that is known, and
///   the rest of the body is dropped.
/// - The bytes of a request decide whether the connection stays open after its response, and the response says so.
/// - Bytes that break a rule of HTTP are refused, after the responses that are due, and the connection ends. It also ends after a
///   request for another protocol, which gets a response like any other.
/// - While several responses are due, nothing more is read.
/// - A client that stops or trickles is given no more time than the timeout.
struct ConnectionStateMachine {
  /// What the client sends next.
  enum Input: Equatable {
    /// The head of a request, or nothing.
    case head
    case body(PartialRequest)
    /// The rest of a body that is too large. It is dropped to find the next request.
    case droppedBody(isLast: Bool)
    /// Bytes that are discarded, because the last request is over.
    case discarded
  }

  /// A request, with the part of its body that has arrived.
  struct PartialRequest: Equatable {
    let head: HTTPRequestHead
    var body = ByteBuffer()
    /// No request is accepted after it.
    var isLast: Bool
    /// The client waits for `100 Continue`.
    var awaitsContinue: Bool
  }

  /// What is written.
  enum Output {
    case open
    /// Our side is closed, or will be when everything is sent.
    case ended
  }

  /// What else ends the connection.
  enum Course {
    case open
    /// The client has closed its side: the connection ends with the responses that are due.
    case inputClosed
    /// The server is stopping: the connection ends with the responses that are due, and then the client has a second to close it.
    case quiescing
  }

  let limits: ConnectionLimits
  var input = Input.head
  var output = Output.open
  var course = Course.open
  /// No request has come yet.
  var isUnused = true
  /// One for each request without a response, in order.
  var responsesDue: [Ending] = []
  /// How many bytes of this request are not body, minus the framing that the chunks of its body are allowed.
  var framing = 0
  /// The next read waits until fewer responses are due.
  var isReadHeld = false
  var deadlines = ClientDeadlines()

  init(_ limits: ConnectionLimits) {
    self.limits = limits
  }
}
