import Testing

@testable import AuthCore

/// There is one lane, which takes no call before the gate is open, and with an estimate of 1.04 ms for each round, far more than
/// one takes, exactly two calls may wait for it. `Task.immediate` runs a call until it waits, so that calls come in the order of
/// the lines.
///
/// OWASP ASVS 5.0: 6.3.1.
@Suite(.timeLimit(.minutes(10))) struct BcryptOverloadTests {
  /// 2^7 rounds, 133 ms by estimate.
  private static let cost = 7
  private static let hash = "$2b$07$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"

  private typealias Call = Task<PasswordHash, any Error>

  /// Until it is open all calls wait, however long the test takes.
  private let gate = Monitor(false)

  private func makeHasher(cost: Int = cost) -> BcryptHasher {
    BcryptHasher(
      cost: cost,
      engine: BcryptEngine(
        threads: 1, lanesPerThread: 1, maximumWait: .milliseconds(210), secondsPerRound: 1.04e-3, startingAt: gate))
  }

  private func open() { gate.update { $0 = true } }

  private func call(_ hasher: BcryptHasher) -> Call {
    Task.immediate { try await hasher.hash(Password("mySuperPwd")) }
  }

  private static func retryAfter(_ result: Result<PasswordHash, any Error>) -> Duration? {
    guard case .failure(PasswordHasherError.overloaded(let retryAfter)) = result else { return nil }
    return retryAfter
  }

  @Test func `a call that would wait too long is refused and told when to try again`() async throws {
    let hasher = makeHasher()
    let admitted = [call(hasher), call(hasher)]
    // The estimate for all remaining work, whose numbers `BcryptQueueTests` checks.
    #expect(try #require(await Self.retryAfter(call(hasher).result)) > .milliseconds(210))
    open()
    for call in admitted { #expect(try await call.value.text.hasPrefix("$2b$07$")) }
  }

  @Test func `after a burst of calls, all that were admitted complete and the next is admitted`() async throws {
    let hasher = makeHasher()
    let admitted = [call(hasher), call(hasher)]
    let crowd = (0..<50).map { _ in call(hasher) }
    for call in crowd { #expect(await Self.retryAfter(call.result) != nil) }
    open()
    for call in admitted { _ = try await call.value }
    _ = try await call(hasher).value
  }

  @Test func `a cancelled call makes room for the next`() async throws {
    let hasher = makeHasher()
    let running = call(hasher)
    let waiting = call(hasher)
    #expect(await Self.retryAfter(call(hasher).result) != nil)
    waiting.cancel()
    let next = call(hasher)
    open()
    for call in [running, next] { _ = try await call.value }
  }

  @Test func `a check counts in the queue like a hash`() async throws {
    let hasher = makeHasher()
    let running = Task.immediate { try await hasher.verify(Password("x"), against: PasswordHash(Self.hash)) }
    let unknown = Task.immediate { try await hasher.verify(Password("x"), against: nil) }
    #expect(await Self.retryAfter(call(hasher).result) != nil)
    open()
    #expect(try await !running.value)
    #expect(try await !unknown.value)
  }

  @Test(
    arguments: [
      "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
      "$2a$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
      "$bcrypt-sha256$v=2,t=2b,r=4$5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS",
      "$bcrypt-sha256$2b,4$5Hg1DKFqPE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu",
      "bcrypt_sha256$$2b$04$iodbrhDPNes7J2JWxRwvjOExD5va8ZMQ6g5O1p76fbJDvNHXlMRxm",
      "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AJFIsNZTMKTAewB4+ETN1A",
    ])
  func `a check against a hash of a lower cost or unknown form is as much work as one of the present cost`(
    _ hash: String
  ) async throws {
    let hasher = makeHasher()
    let weak = PasswordHash(hash)
    let running = Task.immediate { try await hasher.verify(Password("x"), against: weak) }
    let waiting = call(hasher)
    #expect(await Self.retryAfter(call(hasher).result) != nil)
    open()
    #expect(try await !running.value)
    _ = try await waiting.value
  }

  /// A check of 2^31 rounds would occupy the queue for more than a day. A refused one costs as much as a hash of ours.
  @Test(
    arguments: [
      "$2b$31$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
      "$2b$17$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
      "$bcrypt-sha256$v=2,t=2b,r=31$5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS",
      "$bcrypt-sha256$2b,31$5Hg1DKFqPE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu",
      "bcrypt_sha256$$2b$31$iodbrhDPNes7J2JWxRwvjOExD5va8ZMQ6g5O1p76fbJDvNHXlMRxm",
    ])
  func `a planted hash of excessive cost is refused without its work`(_ hash: String) async throws {
    let hasher = makeHasher(cost: 4)
    let running = Task.immediate { try await hasher.verify(Password("x"), against: PasswordHash(Self.hash)) }
    let planted = Task.immediate { try await hasher.verify(Password("x"), against: PasswordHash(hash)) }
    let next = call(hasher)
    open()
    if let retryAfter = await Self.retryAfter(next.result) {
      Issue.record("the queue is full for another \(retryAfter)")
      planted.cancel()
    }
    _ = try await running.value
    #expect(try await !planted.value)
  }
}
