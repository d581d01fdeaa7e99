import AuthCLibcrypto
import Testing

@testable import AuthCore

@Suite struct BlowfishStateTests {
  private static let keys: [[UInt8]] = [
    [0], [0xff], Array("abcdefghijklmnopqrstuvwxyz".utf8), Array(0..<16), cycle([0xaa, 0x55], count: 56),
    cycle(Array(1...255), count: 72),
  ]

  /// Blowfish's own key schedule, which `BF_set_key` runs over the initial state that libcrypto does not show: the key is mixed
  /// into the P array, then all words are replaced by a chain of encryptions.
  @Test(arguments: keys)
  func `our initial state under a key becomes what libcrypto's becomes, in all 1042 words`(_ key: [UInt8]) {
    var theirs = BF_KEY()
    unsafe BF_set_key(&theirs, Int32(key.count), key)

    var ours = BF_KEY()
    unsafe Self.withWords(of: &ours) { words in
      for index in 0..<BlowfishState.words { unsafe words[index] = BlowfishState.initial[index] }
      let keyBytes = cycle(key, count: BlowfishState.wordsInP * 4)
      for (index, byte) in keyBytes.enumerated() { unsafe words[index / 4] ^= UInt32(byte) << UInt32(24 - index % 4 * 8) }
    }
    var block: [UInt32] = [0, 0]
    for index in stride(from: 0, to: BlowfishState.words, by: 2) {
      unsafe BF_encrypt(&block, &ours)
      unsafe Self.withWords(of: &ours) { words in
        unsafe words[index] = block[0]
        unsafe words[index + 1] = block[1]
      }
    }

    #expect(BlowfishState.initial.count == 1042)
    let (ourWords, theirWords) = unsafe (Self.withWords(of: &ours, Self.copy), Self.withWords(of: &theirs, Self.copy))
    #expect(ourWords == theirWords)
  }

  private static func withWords<Result>(
    of key: inout BF_KEY, _ body: (UnsafeMutablePointer<UInt32>) -> Result
  ) -> Result {
    unsafe withUnsafeMutablePointer(to: &key) { key in
      // BF_KEY is its P array followed by its S boxes, without padding.
      unsafe key.withMemoryRebound(to: UInt32.self, capacity: BlowfishState.words) { unsafe body($0) }
    }
  }

  private static func copy(_ words: UnsafeMutablePointer<UInt32>) -> [UInt32] {
    unsafe Array(UnsafeBufferPointer(start: words, count: BlowfishState.words))
  }
}
