extension StringProtocol {
  /// The bytes of UTF-8 with the 26 ASCII letters in lower case, and no others changed: as accounts compare addresses.
  var foldedASCII: some Sequence<UInt8> {
    utf8.lazy.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
  }
}
