internal import AuthCLibcrypto

/// The memory of a few bcrypt computations, one to a lane: Blowfish's state, key and salt, as words. Wiped when it goes.
///
/// A lane's state has the layout of libcrypto's `BF_KEY`, so that its `BF_encrypt` can work on it too.
@safe
struct BlowfishSlab: ~Copyable {
  // Where a lane's parts are, in words from its beginning, where the state is.
  private static let keyOffset = BlowfishState.words
  private static let saltOffset = keyOffset + BlowfishState.wordsInP
  private static let blockOffset = saltOffset + BlowfishState.wordsInP

  /// From lane to lane, in words: no more than a lane has, so that the lanes share a first-level cache evenly. At a multiple of
  /// 4,096 bytes they would fight over the same few of its places.
  static let stride = blockOffset + 2

  /// The most lanes that are worked on together: the halves of five blocks are what x86-64 has registers for. More were slower,
  /// Docs/Hashing.md.
  static let maximumLanes = 5

  private let words: UnsafeMutablePointer<UInt32>
  private let lanes: Int

  init(lanes: Int) {
    precondition((1...Self.maximumLanes).contains(lanes), "a slab has 1 to \(Self.maximumLanes) lanes")
    self.lanes = lanes
    unsafe words = .allocate(capacity: lanes * Self.stride)
    unsafe words.initialize(repeating: 0, count: lanes * Self.stride)
  }

  deinit {
    unsafe Libcrypto.wipe(UnsafeMutableRawBufferPointer(start: words, count: lanes * Self.stride * MemoryLayout<UInt32>.stride))
    unsafe words.deallocate()
  }

  /// Everything before the rounds: the initial state, into which key and salt are mixed once.
  mutating func begin(_ job: BcryptJob, in lane: Int) {
    let words = unsafe start(of: lane)
    for (index, word) in BlowfishState.initial.enumerated() { unsafe words[index] = word }
    unsafe job.key.withUnsafeBytes { unsafe Self.fill(words + Self.keyOffset, cycling: $0) }
    unsafe job.salt.withUnsafeBytes { unsafe Self.fill(words + Self.saltOffset, cycling: $0) }
    unsafe Self.expand(words, mixingIn: Self.keyOffset, chaining: words + Self.saltOffset)
  }

  /// Mixes key and salt into the first `count` lanes, `rounds` times.
  mutating func mix(_ count: Int, rounds: Int) {
    #if DEBUG
      // The kernel takes ten times as long there.
      if count == 1 { return mixFirstByLibcrypto(rounds: rounds) }
    #endif
    mixByKernel(count, rounds: rounds)
  }

  /// The same, whatever the build.
  mutating func mixByKernel(_ count: Int, rounds: Int) {
    precondition(count <= lanes, "the slab has fewer lanes")
    for _ in 0..<rounds {
      expand(count, mixingIn: Self.keyOffset)
      expand(count, mixingIn: Self.saltOffset)
    }
  }

  /// The same for the first lane alone, without a line of the kernel: what computes in a build for debugging, and what the kernel
  /// is tested against.
  mutating func mixFirstByLibcrypto(rounds: Int) {
    for _ in 0..<rounds {
      unsafe Self.expand(words, mixingIn: Self.keyOffset, chaining: nil)
      unsafe Self.expand(words, mixingIn: Self.saltOffset, chaining: nil)
    }
  }

  /// The 23 bytes that are stored: "OrpheanBeholderScryDoubt", encrypted 64 times, without its last byte, as every bcrypt has it.
  mutating func digest(of lane: Int) -> [UInt8] {
    let words = unsafe start(of: lane)
    let block = unsafe words + Self.blockOffset
    var bytes: [UInt8] = []
    for plain: (UInt32, UInt32) in [(0x4f727068, 0x65616e42), (0x65686f6c, 0x64657253), (0x63727944, 0x6f756274)] {
      unsafe (block[0], block[1]) = plain
      for _ in 0..<64 { unsafe Self.encrypt(block, words) }
      for word in unsafe [block[0], block[1]] {
        for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
      }
    }
    return Array(bytes.prefix(BcryptString.digestBytes))
  }

  /// A copy of the lane, for ``load(_:into:)``.
  func contents(of lane: Int) -> SecretBytes {
    let source = unsafe UnsafeRawBufferPointer(buffer(of: lane))
    return unsafe SecretBytes(zeroed: source.count) { unsafe $0.copyMemory(from: source) }
  }

  /// - Precondition: `contents` is a lane's, of whichever slab.
  mutating func load(_ contents: SecretBytes, into lane: Int) {
    let target = unsafe buffer(of: lane)
    precondition(contents.count == target.count, "this is no lane")
    unsafe contents.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
  }

  mutating func move(_ lane: Int, to other: Int) {
    unsafe buffer(of: other).copyMemory(from: UnsafeRawBufferPointer(buffer(of: lane)))
    wipe(lane)
  }

  mutating func wipe(_ lane: Int) {
    unsafe Libcrypto.wipe(buffer(of: lane))
  }

  private mutating func expand(_ count: Int, mixingIn offset: Int) {
    switch count {
    case 0: break
    case 1: unsafe BlowfishKernel<1>.expand(words, mixingIn: offset)
    case 2: unsafe BlowfishKernel<2>.expand(words, mixingIn: offset)
    case 3: unsafe BlowfishKernel<3>.expand(words, mixingIn: offset)
    case 4: unsafe BlowfishKernel<4>.expand(words, mixingIn: offset)
    case 5: unsafe BlowfishKernel<5>.expand(words, mixingIn: offset)
    default: preconditionFailure("no kernel for \(count) lanes")
    }
  }

  /// ``BlowfishKernel/expand(_:mixingIn:)`` for one lane, by libcrypto. Into the chain goes a salt of four words, if there is one.
  private static func expand(
    _ words: UnsafeMutablePointer<UInt32>, mixingIn offset: Int, chaining salt: UnsafeMutablePointer<UInt32>?
  ) {
    for index in 0..<BlowfishState.wordsInP { unsafe words[index] ^= words[offset + index] }
    let block = unsafe words + blockOffset
    unsafe (block[0], block[1]) = (0, 0)
    for index in Swift.stride(from: 0, to: BlowfishState.words, by: 2) {
      if let salt = unsafe salt {
        unsafe block[0] ^= salt[index & 2]
        unsafe block[1] ^= salt[index & 2 | 1]
      }
      unsafe encrypt(block, words)
      unsafe (words[index], words[index + 1]) = unsafe (block[0], block[1])
    }
  }

  private static func encrypt(_ block: UnsafeMutablePointer<UInt32>, _ words: UnsafeMutablePointer<UInt32>) {
    // SAFETY: BF_KEY is its P array followed by its S boxes, 1,042 words without padding, aligned for them.
    unsafe words.withMemoryRebound(to: BF_KEY.self, capacity: 1) { unsafe BF_encrypt(block, $0) }
  }

  /// The first 18 words of `bytes` repeated without end, big endian: what one pass over the P array uses of a key. The first
  /// four of them, for a salt of 16 bytes, are the salt.
  private static func fill(_ words: UnsafeMutablePointer<UInt32>, cycling bytes: UnsafeRawBufferPointer) {
    for word in 0..<BlowfishState.wordsInP {
      unsafe words[word] = (0..<4).reduce(0) { unsafe $0 << 8 | UInt32(bytes[(word * 4 + $1) % bytes.count]) }
    }
  }

  /// SAFETY, for all that is done with it: there are `stride` words from here, and nobody else touches this slab.
  private func start(of lane: Int) -> UnsafeMutablePointer<UInt32> {
    precondition((0..<lanes).contains(lane), "the slab has no such lane")
    return unsafe words + lane * Self.stride
  }

  private func buffer(of lane: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: start(of: lane), count: Self.stride * MemoryLayout<UInt32>.stride)
  }
}
