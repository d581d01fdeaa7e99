/// What all lines of `Transfer-Encoding` say together: RFC 9112, 6.1, 6.3 and 7.
enum TransferCodings {
  /// There is no such line, and the body has the length of `Content-Length`.
  case absent
  /// `chunked` alone, the only coding that is implemented.
  case chunked
  /// Other codings, and `chunked` is the last: the end of the body can be found, but the body can't be read.
  case unknown
  /// Other codings alone: the end of the body can't be found.
  case endless
  /// `chunked` twice, before others or with parameters. Or an element of the list is empty, which no sender may generate (RFC
  /// 9110, 5.6.1.1) and which NIO's decoder accepts before `chunked` but not after it.
  case faulty

  /// Adds a line.
  mutating func add(_ line: Substring.UTF8View) {
    for coding in line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) { add(coding: coding.trimmed) }
  }

  private mutating func add(coding: Substring.UTF8View) {
    let name = coding.prefix { $0 != UInt8(ascii: ";") }
    let isChunked = name.trimmed.isEqual("chunked")
    guard !name.isEmpty, !isChunked || name.endIndex == coding.endIndex else { return self = .faulty }
    self =
      switch self {
      case .absent: isChunked ? .chunked : .endless
      case .endless: isChunked ? .unknown : .endless
      case .chunked, .unknown, .faulty: .faulty
      }
  }
}
