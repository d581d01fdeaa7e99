/// Blowfish's key schedule over the first `width` lanes of a ``BlowfishSlab`` at once.
///
/// Every lookup in an S box waits for the round before it: alone, a computation leaves most of a core idle. The lanes know
/// nothing of each other, so their rounds, side by side in one loop, fill each other's gaps. The compiler makes one function of
/// each width, without the loops over lanes; all lanes are at constant distances from one base register.
enum BlowfishKernel<let width: Int> {
  /// Mixes the 18 words that stand at `offset` in each lane into its P array, then replaces all words of its state, two at
  /// a time, by a chain of encryptions that begins with zero.
  @inline(never)
  static func expand(_ slab: UnsafeMutablePointer<UInt32>, mixingIn offset: Int) {
    // SAFETY: the slab has at least `width` lanes, and every index below is inside its lane: at most 17 in the P array, `offset`
    // and 17 more in a lane's key or salt, 18 and 1,023 more in the S boxes.
    for lane in 0..<width {
      let words = unsafe slab + lane * BlowfishSlab.stride
      for index in 0..<BlowfishState.wordsInP { unsafe words[index] ^= words[offset &+ index] }
    }
    var left = InlineArray<width, UInt32>(repeating: 0)
    var right = InlineArray<width, UInt32>(repeating: 0)
    for target in stride(from: 0, to: BlowfishState.words, by: 2) {
      for lane in 0..<width { unsafe left[lane] ^= slab[lane * BlowfishSlab.stride] }
      // One round a turn, with a true exchange of the halves: written out two by two, as is usual, the compiler puts the word of
      // P, which is there at once, behind the S boxes, for which everything waits.
      for round in 1...16 {
        for lane in 0..<width {
          let words = unsafe slab + lane * BlowfishSlab.stride
          unsafe (left[lane], right[lane]) = (right[lane] ^ words[round] ^ substitute(left[lane], words), left[lane])
        }
      }
      for lane in 0..<width {
        let words = unsafe slab + lane * BlowfishSlab.stride
        unsafe (left[lane], right[lane]) = (right[lane] ^ words[17], left[lane])
        unsafe words[target] = left[lane]
        unsafe words[target &+ 1] = right[lane]
      }
    }
  }

  /// What Blowfish's paper calls F: the four bytes of a half, each by an S box.
  @inline(__always)
  private static func substitute(_ half: UInt32, _ words: UnsafeMutablePointer<UInt32>) -> UInt32 {
    let boxes = unsafe words + BlowfishState.wordsInP
    let first = unsafe boxes[Int(half &>> 24)]
    let second = unsafe boxes[256 &+ Int(half &>> 16 & 255)]
    let third = unsafe boxes[512 &+ Int(half &>> 8 & 255)]
    let fourth = unsafe boxes[768 &+ Int(half & 255)]
    return ((first &+ second) ^ third) &+ fourth
  }
}
