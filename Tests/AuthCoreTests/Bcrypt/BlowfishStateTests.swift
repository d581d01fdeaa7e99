import AuthCLibcrypto
import Testing

@testable import AuthCore

@Suite struct BlowfishStateTests {
  private static let keys: [[UInt8]] = [
    [0], [0xff], Array("abcdefghijklmnopqrstuvwxyz".utf8), Array(0..<16), cycle([0xaa, 0x55], count: 56),
    cycle(Array(1...255), count: 72),
  ]

  /// `BF_set_key` runs Blowfish's key schedule over the initial state, which libcrypto does not export: it mixes the key into the
  /// P array, then replaces all words with a chain of encryptions.
  @Test(arguments: keys)
  func `the key schedule turns our initial state into libcrypto's, in all 1042 words`(_ key: [UInt8]) {
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
