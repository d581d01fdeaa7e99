/// Who asks, as far as the network tells: what failed logins are counted by, and what sessions and events remember.
///
///     let auth = auth.serving(Client(ipAddress: IPAddress("203.0.113.7"), userAgent: "curl/8", requestID: "42"))
public struct Client: Sendable, Equatable {
  /// Longer texts are cut off here, in Unicode scalars.
  public static let maximumTextLength = 256

  /// nil when it is not known; then nothing is counted for its network.
  public let ipAddress: IPAddress?

  /// What the client says of itself, without control characters.
  public let userAgent: String?

  /// What the request is called in logs, without control characters and cut off like ``userAgent``.
  public let requestID: String?

  public init(ipAddress: IPAddress? = nil, userAgent: String? = nil, requestID: String? = nil) {
    self.ipAddress = ipAddress
    self.userAgent = userAgent.map(Self.printable)
    self.requestID = requestID.map(Self.printable)
  }

  /// A line break or an escape sequence would forge lines of a log or of a list of sessions.
  private static func printable(_ text: String) -> String {
    // Nearly all are; to look up the category of each scalar takes microseconds.
    guard text.utf8.count > maximumTextLength || !text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return text }
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: text.unicodeScalars.lazy.filter(\.isPrintable).prefix(maximumTextLength))
    return String(kept)
  }

  /// Somebody of whom nothing is known.
  public static let unknown = Client()
}

extension Unicode.Scalar {
  /// Whether it neither controls a terminal nor changes how the text around it is laid out.
  package var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
