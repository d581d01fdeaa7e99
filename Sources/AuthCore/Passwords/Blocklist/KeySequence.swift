/// Characters in an order that attackers try: that of the digits, the alphabet, or the keys of a keyboard.
struct KeySequence: Sendable {
  /// The digits, the alphabet, and rows, columns and zigzags between two rows of English, German and French keyboards. No
  /// sequence has a character twice.
  static let all = [
    KeySequence("1234567890", isRing: true),
    KeySequence("abcdefghijklmnopqrstuvwxyz", isRing: true),
    KeySequence("qwertyuiop"), KeySequence("asdfghjkl"), KeySequence("zxcvbnm"),
    KeySequence("qwertzuiop"), KeySequence("yxcvbnm"),
    KeySequence("azertyuiop"), KeySequence("qsdfghjklm"), KeySequence("wxcvbn"),
    KeySequence("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/"), KeySequence("1qay2wsx3edc4rfv5tgb6zhn7ujm8ik,9ol.0p"),
    KeySequence("qazwsxedcrfvtgbyhnujmik,ol.p;/"), KeySequence("qayxswedcvfrtgbnhzujmkiolp"),
    KeySequence("1q2w3e4r5t6y7u8i9o0p"), KeySequence("q1w2e3r4t5y6u7i8o9p0"),
    KeySequence("qawsedrftgyhujikolp"),
  ]

  /// The position of each ASCII character in the sequence; -1 if the sequence does not contain it.
  private let places: [Int]
  private let count: Int
  private let isRing: Bool

  /// - Parameter isRing: whether the first character follows the last.
  private init(_ characters: String, isRing: Bool = false) {
    var places = [Int](repeating: -1, count: 0x80)
    for (place, character) in characters.utf8.enumerated() { places[Int(character)] = place }
    self.places = places
    self.isRing = isRing
    count = characters.utf8.count
  }

  /// Calls `found` with each longest run: a piece of the text that goes through at least three characters of the sequence in one
  /// direction, each of them once or several times in a row, such as `abc`, `321` or `aabbcc`.
  func forEachRun(in text: ArraySlice<UInt32>, _ found: (Range<Int>) -> Void) {
    var start = text.startIndex
    // The start of the equal characters that end the run. If the direction changes, the next run begins there, too.
    var lastCharacter = start
    var direction = 0
    var characters = 1
    func end(at place: Int) {
      if characters >= 3 { found(start..<place) }
    }
    for place in text.indices.dropFirst() where text[place] != text[place - 1] {
      let step = step(from: text[place - 1], to: text[place])
      if step == 0 || step != direction {
        end(at: place)
        start = step == 0 ? place : lastCharacter
        characters = step == 0 ? 1 : 2
        direction = step
      } else {
        characters += 1
      }
      lastCharacter = place
    }
    end(at: text.endIndex)
  }

  /// 1 if `next` follows `scalar` in the sequence, -1 if it precedes it, otherwise 0.
  private func step(from scalar: UInt32, to next: UInt32) -> Int {
    guard scalar < 0x80, next < 0x80, places[Int(scalar)] >= 0, places[Int(next)] >= 0 else { return 0 }
    let step = places[Int(next)] - places[Int(scalar)]
    if isRing, abs(step) == count - 1 { return -step.signum() }
    return abs(step) == 1 ? step : 0
  }
}
