import Testing

@testable import AuthCore

@Suite struct BlowfishKernelTests {
  @Test(arguments: 1...BlowfishSlab.maximumLanes)
  func `at every width all words of every lane are the same as libcrypto's`(width: Int) {
    var random = SeededGenerator(seed: UInt64(width))
    let jobs = (0..<width).map { _ in BcryptJob.random(by: &random) }
    var slab = BlowfishSlab(lanes: width)
    for (lane, job) in jobs.enumerated() { slab.begin(job, in: lane) }
    slab.mixByKernel(width, rounds: 3)
    for (lane, job) in jobs.enumerated() {
      var alone = BlowfishSlab(lanes: 1)
      alone.begin(job, in: 0)
      alone.mixFirstByLibcrypto(rounds: 3)
      #expect(words(of: lane, in: slab) == words(of: 0, in: alone))
    }
  }

  @Test func `lanes beyond the width are not touched`() {
    var random = SeededGenerator(seed: 1)
    var slab = BlowfishSlab(lanes: 3)
    for lane in 0..<3 { slab.begin(.random(by: &random), in: lane) }
    let before = words(of: 2, in: slab)
    slab.mix(2, rounds: 2)
    #expect(words(of: 2, in: slab) == before)
  }

  /// The state alone, without the key, the salt, and a block that only libcrypto uses.
  private func words(of lane: Int, in slab: borrowing BlowfishSlab) -> [UInt8] {
    unsafe slab.contents(of: lane).withUnsafeBytes { unsafe Array($0.prefix(BlowfishState.words * 4)) }
  }
}
