/// The client that sent a request, as far as the network tells.
///
/// Attempts are counted for its network, and sessions and events record it.
///
///     let client = Client(ipAddress: IPAddress("203.0.113.7"), userAgent: "curl/8", requestID: "42")
public struct Client: Sendable, Equatable {
  /// The length in Unicode scalars to which longer texts are cut: 256.
  public static let maximumTextLength = 256

  /// The client's IP address; nil if it is unknown, and then nothing is counted for its network.
  public let ipAddress: IPAddress?

  /// The client's `User-Agent`, without control characters and at most ``maximumTextLength`` scalars long.
  public let userAgent: String?

  /// The id of the request in logs, without control characters and at most ``maximumTextLength`` scalars long.
  public let requestID: String?

  /// Removes control characters from the texts and cuts them to ``maximumTextLength``.
  public init(ipAddress: IPAddress? = nil, userAgent: String? = nil, requestID: String? = nil) {
    self.ipAddress = ipAddress
    self.userAgent = userAgent.map(Self.printable)
    self.requestID = requestID.map(Self.printable)
  }

  /// Removes what could forge a line in a log or in a list of sessions, such as a line break or an escape sequence.
  private static func printable(_ text: String) -> String {
    // Nearly every text is printable ASCII, and looking up the category of each scalar takes microseconds.
    guard text.utf8.count > maximumTextLength || !text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return text }
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: text.unicodeScalars.lazy.filter(\.isPrintable).prefix(maximumTextLength))
    return String(kept)
  }

  /// A client of which nothing is known: attempts are not counted for a network.
  public static let unknown = Client()
}
