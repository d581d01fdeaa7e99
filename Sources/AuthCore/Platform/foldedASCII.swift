extension Sequence<UInt8> {
  /// The bytes with the 26 ASCII letters in lower case and all others unchanged. Emails are compared in this form.
  package var foldedASCII: some Sequence<UInt8> {
    lazy.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
  }
}
