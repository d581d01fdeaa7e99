extension Sequence<UInt8> {
  /// The bytes with the 26 ASCII letters in lower case, and no others changed: as accounts compare addresses.
  package var foldedASCII: some Sequence<UInt8> {
    lazy.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
  }
}
