/// The characters of a password that are covered by runs and words, for ``PasswordBlocklist``.
struct PasswordCoverage {
  /// The most fillers in a row in a password with letters: a date and one or two other characters. More than that would be hard
  /// to guess by itself.
  static let fillersInARow = 10
  /// The most fillers in a password without letters. Of a million passwords of 15 random digits, only about 30 have so few
  /// outside of runs.
  static let fillersWithoutLetters = 2

  private let text: ArraySlice<UInt32>
  private let hasLetters: Bool
  private var covered: [Bool]

  /// Covers the runs in the text.
  ///
  /// - Parameter text: the Unicode scalars of the password in lower case.
  init(_ text: ArraySlice<UInt32>) {
    self.text = text
    hasLetters = !text.allSatisfy(Self.isFiller)
    covered = Array(repeating: false, count: text.count)
    coverRepeatedCharacters()
    for sequence in KeySequence.all {
      sequence.forEachRun(in: text) { cover($0) }
    }
  }

  /// Covers the word wherever it occurs.
  mutating func cover(_ word: [UInt32]) {
    for start in text.indices where stands(word[...], at: start) { cover(start..<start + word.count) }
  }

  /// Whether fillers and at most one common password, wherever it occurs, cover the rest.
  func isCompletedByOneCommonPassword() -> Bool {
    guard let gap = text.indices.first(where: { !isCovered($0) && !Self.isFiller(text[$0]) }) else {
      return isComplete(with: [])
    }
    // The entry that completes the coverage must cover the first gap. However long the password is, few entries do, so only a few
    // have to be tried on all of it.
    let earliest = max(text.startIndex, gap - CommonPasswords.lengths.upperBound + 1)
    return (earliest...gap).contains { start in
      CommonPasswords.ends(ofEntriesIn: text, from: start).contains { end in gap < end && isComplete(with: text[start..<end]) }
    }
  }

  private func isComplete(with word: ArraySlice<UInt32>) -> Bool {
    var wordEnd = text.startIndex
    var (fillers, fillersInARow) = (0, 0)
    for place in text.indices {
      if stands(word, at: place) { wordEnd = place + word.count }
      if place < wordEnd || isCovered(place) {
        fillersInARow = 0
        continue
      }
      guard Self.isFiller(text[place]) else { return false }
      fillers += 1
      fillersInARow += 1
      guard hasLetters ? fillersInARow <= Self.fillersInARow : fillers <= Self.fillersWithoutLetters else { return false }
    }
    return true
  }

  private mutating func coverRepeatedCharacters() {
    for place in text.indices.dropFirst(2) where text[place] == text[place - 1] && text[place] == text[place - 2] {
      cover(place - 2..<place + 1)
    }
  }

  private mutating func cover(_ places: Range<Int>) {
    for place in places { covered[place - text.startIndex] = true }
  }

  private func isCovered(_ place: Int) -> Bool { covered[place - text.startIndex] }

  private func stands(_ word: ArraySlice<UInt32>, at start: Int) -> Bool {
    guard let first = word.first, text[start] == first else { return false }
    return text[start...].starts(with: word)
  }

  /// Whether the scalar is ASCII and not a letter. The text is in lower case.
  private static func isFiller(_ scalar: UInt32) -> Bool {
    scalar < 0x80 && !(0x61...0x7a).contains(scalar)
  }
}
