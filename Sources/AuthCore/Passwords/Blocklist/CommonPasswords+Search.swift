extension CommonPasswords {
  /// The lengths, in bytes, of the shortest and the longest entry.
  static let lengths = 4...33

  /// Whether the text, Unicode scalars in lower case, is an entry of the list.
  static func contains(_ text: ArraySlice<UInt32>) -> Bool {
    lengths.contains(text.count) && ends(ofEntriesIn: text, from: text.startIndex).last == text.endIndex
  }

  /// The ends of all entries that occur in the text at `start`, the shortest entry first. The text is in lower case.
  ///
  /// This takes a binary search for each prefix with which an entry begins; few entries begin with the same 6 characters.
  static func ends(ofEntriesIn text: ArraySlice<UInt32>, from start: Int) -> [Int] {
    words.withUTF8Buffer { buffer in
      // SAFETY: the bytes of a literal are never freed, and the span checks every index.
      let list = unsafe buffer.span
      var ends: [Int] = []
      var entry = 0
      for length in lengths where start + length <= text.endIndex {
        let prefix = text[start..<start + length]
        entry = firstEntry(notBefore: prefix, in: list, from: entry)
        guard compare(list, at: entry, with: prefix) == .prefix else { break }
        if isSeparator(list, at: entry + length) { ends.append(start + length) }
      }
      return ends
    }
  }

  /// The position of the first entry that does not sort before `text`; the end of the list if there is none.
  private static func firstEntry(notBefore text: ArraySlice<UInt32>, in list: Span<UInt8>, from start: Int) -> Int {
    // All entries before `low` sort before the text; those at or after `high` do not.
    var (low, high) = (start, list.count)
    while low < high {
      var middle = low + (high - low) / 2
      while middle > low, !isSeparator(list, at: middle - 1) { middle -= 1 }
      guard compare(list, at: middle, with: text) == .before else {
        high = middle
        continue
      }
      while !isSeparator(list, at: middle) { middle += 1 }
      low = min(middle + 1, high)
    }
    return low
  }

  private enum Order { case before, after, prefix }

  /// Whether the entry at `start` sorts before the text, sorts after it, or begins with it.
  private static func compare(_ list: Span<UInt8>, at start: Int, with text: ArraySlice<UInt32>) -> Order {
    var place = start
    for scalar in text {
      guard !isSeparator(list, at: place) else { return .before }
      guard list[place] == scalar else { return list[place] < scalar ? .before : .after }
      place += 1
    }
    return .prefix
  }

  /// Whether an entry ends at this position. The end of the list counts as a separator.
  private static func isSeparator(_ list: Span<UInt8>, at place: Int) -> Bool {
    place >= list.count || list[place] <= 0x20
  }
}
