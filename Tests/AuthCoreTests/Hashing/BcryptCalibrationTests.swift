import Testing

@testable import AuthCore

@Suite struct BcryptCalibrationTests {
  /// At cost 10 a hash takes 60 ms alone, and 80 ms beside nine others.
  private static let calibration = BcryptCalibration(
    threads: 2, lanesPerThread: 5, measuredAlone: .milliseconds(60), measuredAtFullLoad: .milliseconds(80))

  @Test(arguments: [9: (30, 40), 10: (60, 80), 11: (120, 160), 16: (3840, 5120)])
  func `each step of the cost doubles the time`(_ cost: Int, _ milliseconds: (alone: Int, atFullLoad: Int)) {
    #expect(Self.calibration.timeAlone(cost: cost) == .milliseconds(milliseconds.alone))
    #expect(Self.calibration.timeAtFullLoad(cost: cost) == .milliseconds(milliseconds.atFullLoad))
  }

  @Test func `at full load all lanes finish in the time of one`() {
    #expect(abs(Self.calibration.hashesPerSecond(cost: 10) - 10 / 0.08) < 0.001)
    #expect(abs(Self.calibration.hashesPerSecond(cost: 12) - 10 / 0.32) < 0.001)
  }

  @Test(arguments: [79: nil, 80: 10, 159: 10, 160: 11, 1_000: 13, 1_000_000: 16])
  func `the greatest cost is the last that meets the target at full load`(_ milliseconds: Int, _ cost: Int?) {
    #expect(Self.calibration.greatestCost(in: 10...16, within: .milliseconds(milliseconds)) == cost)
  }

  @Test func `measuring gives plausible figures`() async {
    let measured = await BcryptCalibration.measure(threads: 1)
    #expect(measured.timeAlone(cost: 10) > .zero)
    #expect(measured.timeAtFullLoad(cost: 10) > .zero)
  }
}
