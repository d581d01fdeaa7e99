extension Sequence<UInt8> {
  /// The bytes with the 26 ASCII letters in lower case and all others unchanged. Emails are compared in this form.
  package var foldedASCII: some Sequence<UInt8> {
    lazy.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
  }
}

extension StringProtocol {
  /// Whether both texts have the same bytes of UTF-8.
  ///
  /// Text from outside is compared in this way because `==` compares by canonical equivalence: it calls two spellings of `é`
  /// equal, and takes seconds for a letter with many thousand accents.
  @inlinable
  package func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}
