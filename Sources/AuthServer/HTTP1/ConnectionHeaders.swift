internal import NIOHTTP1

/// What the headers of a request say of its connection, found in one look at all of them.
struct ConnectionHeaders {
  private(set) var hosts = 0
  /// Among what the client says of the connection is that it wants it closed.
  private(set) var hasClose = false
  private(set) var hasUpgrade = false
  private(set) var hasTransferEncoding = false
  /// 0 for none; the greatest number for one that is greater still.
  private(set) var contentLength = 0
  /// Whether the client waits for word before it sends its body.
  private(set) var expectsContinue = false

  init(_ headers: HTTPHeaders) {
    for (name, value) in headers {
      // By length first: most headers mean nothing here.
      switch name.utf8.count {
      case 4 where name.lowercased() == "host": hosts += 1
      // The value, too: comparing what a stranger sends as text may take very long.
      case 6 where name.lowercased() == "expect":
        let value = Self.trimmed(value)
        expectsContinue = value.utf8.count == 12 && value.lowercased() == "100-continue"
      case 7 where name.lowercased() == "upgrade": hasUpgrade = true
      case 10 where name.lowercased() == "connection": hasClose = hasClose || Self.isClose(amongst: value)
      case 14 where name.lowercased() == "content-length": contentLength = Int(Self.trimmed(value)) ?? .max
      case 17 where name.lowercased() == "transfer-encoding": hasTransferEncoding = true
      default: break
      }
    }
  }

  /// Blanks behind a value are no part of it (RFC 9110, 5.5), and NIO leaves them.
  private static func trimmed(_ value: String) -> Substring {
    var text = value.utf8[...]
    while let last = text.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { text.removeLast() }
    return Substring(text)
  }

  private static func isClose(amongst options: String) -> Bool {
    options.utf8.split(separator: UInt8(ascii: ",")).contains { option in
      let option = option.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
      return option.count == 5 && option.map { $0 | 0x20 }.elementsEqual("close".utf8)
    }
  }
}
