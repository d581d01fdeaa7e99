internal import NIOHTTP1

/// What the fields of a request say about its connection and its body, found in one pass over them.
struct ConnectionFields {
  private var hosts = 0
  private var areHostsPossible = true
  /// One of the connection's options is `close`.
  private var hasClose = false
  private var hasUpgrade = false
  private var hasContentLength = false
  private var transferCodings = TransferCodings.absent
  /// 0 if the field is absent; `Int.max` for any larger number.
  private(set) var contentLength = 0
  /// Whether the client waits for `100 Continue` before it sends its body.
  private(set) var expectsContinue = false

  init(_ headers: HTTPHeaders) {
    // By length first: most fields have no meaning here.
    for (name, value) in headers {
      switch name.utf8.count {
      case 4 where name.lowercased() == "host": addHost(Substring(value).utf8.trimmed)
      case 6 where name.lowercased() == "expect": expectsContinue = Substring(value).utf8.trimmed.isEqual("100-continue")
      case 7 where name.lowercased() == "upgrade": hasUpgrade = true
      case 10 where name.lowercased() == "connection": addConnection(Substring(value).utf8)
      case 14 where name.lowercased() == "content-length": addContentLength(Substring(value).utf8.trimmed)
      case 17 where name.lowercased() == "transfer-encoding": transferCodings.add(Substring(value).utf8)
      default: break
      }
    }
  }

  /// The refusal of the request, if it breaks a rule.
  func refusal(of head: HTTPRequestHead) -> Refusal? {
    // RFC 9112, 3.2.
    guard hosts == 1 || hosts == 0 && head.version != .http1_1, areHostsPossible else { return .malformed }
    guard RequestTarget.isPossible(head.uri, for: head.method) else { return .malformed }
    switch transferCodings {
    case .absent: return nil
    // RFC 9112, 6.1 and 6.3: with two lengths, one request may be smuggled in the body of another.
    case .chunked: return hasContentLength ? .malformed : nil
    case .unknown: return hasContentLength ? .malformed : .unknownTransferCoding
    case .endless, .faulty: return .malformed
    }
  }

  /// What happens to the connection after the response: RFC 9112, 9.3.
  func ending(of head: HTTPRequestHead) -> Ending {
    guard head.isKeepAlive, !hasClose, head.method != .CONNECT, !hasUpgrade, !hasFaultyFraming(head) else { return .closed }
    return head.version == .http1_0 ? .keptAlive : .open
  }

  /// HTTP/1.0 has no chunks: where the body ends may be misunderstood (RFC 9112, 6.1).
  private func hasFaultyFraming(_ head: HTTPRequestHead) -> Bool {
    if case .absent = transferCodings { false } else { head.version == .http1_0 }
  }

  private mutating func addHost(_ value: Substring.UTF8View) {
    hosts += 1
    // RFC 9110, 7.2: it is empty when the target has no authority.
    guard !value.isEmpty else { return }
    if Authority(value)?.namesHost != true { areHostsPossible = false }
  }

  private mutating func addConnection(_ options: Substring.UTF8View) {
    hasClose = hasClose || options.split(separator: UInt8(ascii: ",")).contains { $0.trimmed.isEqual("close") }
  }

  /// NIO has checked that the value is a number and that there is only one such field.
  private mutating func addContentLength(_ value: Substring.UTF8View) {
    hasContentLength = true
    contentLength = Int(Substring(value)) ?? .max
  }
}

/// What happens to the connection after a response.
enum Ending {
  case open
  /// It stays open for a client of HTTP/1.0 that asked for that, and would otherwise expect it to be closed.
  case keptAlive
  case closed

  /// The option in the response's `Connection`, if there is one.
  var option: String? {
    switch self {
    case .open: nil
    case .keptAlive: "keep-alive"
    case .closed: "close"
    }
  }
}
