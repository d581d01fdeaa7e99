/// Blowfish's key schedule, computed for the first `width` lanes of a ``BlowfishSlab`` at once.
///
/// Every lookup in an S box has to wait for the round before it, so a single computation leaves most of a core idle. The lanes
/// are independent: in one loop, the rounds of one lane fill the gaps of the others. The compiler specialises the function for
/// each width and unrolls the loops over lanes; all lanes are at constant offsets from one base register.
enum BlowfishKernel<let width: Int> {
  /// Mixes the 18 words at `offset` in each lane into its P array, then replaces all words of its state, two at a time, with a
  /// chain of encryptions that begins with zero.
  @inline(never)
  static func expand(_ slab: UnsafeMutablePointer<UInt32>, mixingIn offset: Int) {
    // SAFETY: the slab has at least `width` lanes, and every index below is inside its lane: at most 17 in the P array,
    // `offset` + 17 in the key or salt, and 18 + 1,023 in the S boxes.
    for lane in 0..<width {
      let words = unsafe slab + lane * BlowfishSlab.stride
      for index in 0..<BlowfishState.wordsInP { unsafe words[index] ^= words[offset &+ index] }
    }
    var left = InlineArray<width, UInt32>(repeating: 0)
    var right = InlineArray<width, UInt32>(repeating: 0)
    for target in stride(from: 0, to: BlowfishState.words, by: 2) {
      for lane in 0..<width { unsafe left[lane] ^= slab[lane * BlowfishSlab.stride] }
      // One round an iteration, with a real swap of the halves. Written as pairs of rounds, as is usual, the compiler makes the
      // word of P, which is available at once, wait for the S boxes, which are the critical path.
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

  /// The function F of Blowfish's paper: each of the four bytes of a half selects a word of its S box.
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
