internal import AuthCLibcrypto

/// The memory of a few bcrypt computations, one in each lane: Blowfish's state, the key and the salt, as words.
///
/// It is wiped when it is destroyed. A lane's state has the layout of libcrypto's `BF_KEY`, so that libcrypto's `BF_encrypt` can
/// use it too.
@safe
struct BlowfishSlab: ~Copyable {
  // The offsets of a lane's parts, in words. The state is at offset 0.
  private static let keyOffset = BlowfishState.words
  private static let saltOffset = keyOffset + BlowfishState.wordsInP
  private static let blockOffset = saltOffset + BlowfishState.wordsInP

  /// The distance between two lanes in words: exactly the size of a lane, so that the lanes spread evenly over the first-level
  /// cache. At a multiple of 4,096 bytes they would compete for the same few cache sets.
  static let stride = blockOffset + 2

  /// The most lanes that advance together: x86-64 has registers for the halves of five blocks. More lanes were slower; see
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

  /// Prepares a lane for the rounds: sets the initial state and mixes key and salt in once.
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
    // The kernel takes ten times as long in a debug build.
    if count == 1 { return mixFirstByLibcrypto(rounds: rounds) }
    #endif
    mixByKernel(count, rounds: rounds)
  }

  /// Mixes with the kernel in every build.
  mutating func mixByKernel(_ count: Int, rounds: Int) {
    precondition(count <= lanes, "the slab has fewer lanes")
    for _ in 0..<rounds {
      expand(count, mixingIn: Self.keyOffset)
      expand(count, mixingIn: Self.saltOffset)
    }
  }

  /// Mixes key and salt into the first lane with libcrypto alone. Debug builds use it, and tests compare the kernel with it.
  mutating func mixFirstByLibcrypto(rounds: Int) {
    for _ in 0..<rounds {
      unsafe Self.expand(words, mixingIn: Self.keyOffset, chaining: nil)
      unsafe Self.expand(words, mixingIn: Self.saltOffset, chaining: nil)
    }
  }

  /// The digest: "OrpheanBeholderScryDoubt" encrypted 64 times, without the last byte, which every bcrypt drops.
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

  /// Restores a lane from a copy that ``contents(of:)`` of any slab made.
  mutating func load(_ contents: SecretBytes, into lane: Int) {
    let target = unsafe buffer(of: lane)
    precondition(contents.count == target.count, "these are not the contents of a lane")
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

  /// Does for one lane, with libcrypto, what ``BlowfishKernel/expand(_:mixingIn:)`` does, and mixes a salt of four words, if
  /// there is one, into the chain.
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

  /// Writes the first 18 big-endian words of `bytes` repeated endlessly: what one pass over the P array uses of a key. For a salt
  /// of 16 bytes the first four words are the salt itself.
  private static func fill(_ words: UnsafeMutablePointer<UInt32>, cycling bytes: UnsafeRawBufferPointer) {
    for word in 0..<BlowfishState.wordsInP {
      unsafe words[word] = (0..<4).reduce(0) { unsafe $0 << 8 | UInt32(bytes[(word * 4 + $1) % bytes.count]) }
    }
  }

  /// SAFETY, for every use: there are `stride` words from here, and the slab, being non-copyable, has a single owner.
  private func start(of lane: Int) -> UnsafeMutablePointer<UInt32> {
    precondition((0..<lanes).contains(lane), "the slab has no such lane")
    return unsafe words + lane * Self.stride
  }

  private func buffer(of lane: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: start(of: lane), count: Self.stride * MemoryLayout<UInt32>.stride)
  }
}
