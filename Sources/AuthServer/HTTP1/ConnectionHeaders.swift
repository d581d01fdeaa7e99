internal import NIOHTTP1

/// What the headers of a request say of its connection, found in one look at all of them.
struct ConnectionHeaders {
  private(set) var hosts = 0
  private(set) var hasConnection = false
  private(set) var hasUpgrade = false
  private(set) var hasTransferEncoding = false
  private(set) var contentLength: Int?
  /// Whether the client waits for word before it sends its body.
  private(set) var expectsContinue = false

  init(_ headers: HTTPHeaders) {
    for (name, value) in headers {
      // By length first: most headers mean nothing here.
      switch name.utf8.count {
      case 4 where name.lowercased() == "host": hosts += 1
      // The value, too: comparing what a stranger sends as text may take very long.
      case 6 where name.lowercased() == "expect": expectsContinue = value.utf8.count == 12 && value.lowercased() == "100-continue"
      case 7 where name.lowercased() == "upgrade": hasUpgrade = true
      case 10 where name.lowercased() == "connection": hasConnection = true
      case 14 where name.lowercased() == "content-length": contentLength = Int(value)
      case 17 where name.lowercased() == "transfer-encoding": hasTransferEncoding = true
      default: break
      }
    }
  }
}
