import Foundation
import Testing

@testable import AuthCore

@Suite(.timeLimit(.minutes(10))) struct BcryptEngineTests {
  /// Some seconds of work: a call that gets this digest was not cancelled in time.
  private static let long = BcryptJob(key: [], salt: Array(0..<16), cost: 16)
  fileprivate static let short = BcryptJob(key: Array("short".utf8), salt: Array(0..<16), cost: 4)

  fileprivate static func makeEngine(threads: Int = 1, lanes: Int = BlowfishSlab.maximumLanes) -> BcryptEngine {
    BcryptEngine(threads: threads, lanesPerThread: lanes, maximumWait: .seconds(1_000_000))
  }

  private func begin(_ job: BcryptJob, on engine: BcryptEngine) -> Task<[UInt8], any Error> {
    Task.immediate { try await engine.digest(of: job) }
  }

  @Test(arguments: [1, 2, 3], [1, 2, BlowfishSlab.maximumLanes])
  func `every call gets the digest of its own job, whichever others come and go`(threads: Int, lanes: Int) async throws {
    let engine = Self.makeEngine(threads: threads, lanes: lanes)
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var jobs = (0..<Trials.jobsOfEachEngine).map { _ in BcryptJob.random(by: &random) }
    jobs.append(contentsOf: jobs.prefix(Trials.jobsOfEachEngine / 2))
    let isPatient = jobs.map { _ in Int.random(in: 0..<4, using: &random) > 0 }

    try await withThrowingTaskGroup(of: Void.self) { group in
      for (job, isPatient) in zip(jobs, isPatient) {
        group.addTask {
          let call = begin(job, on: engine)
          if !isPatient {
            await Task.yield()
            call.cancel()
          }
          switch await call.result {
          case .success(let digest): #expect(digest == job.digestByLibcrypto(), "seed \(seed)")
          case .failure(let error): #expect(error as? PasswordHasherError == .cancelled && !isPatient, "seed \(seed)")
          }
        }
        if Int.random(in: 0..<8, using: &random) == 0 { await Task.yield() }
      }
      try await group.waitForAll()
    }
  }

  @Test(arguments: [true, false])
  func `a waiting call ends at once if it is cancelled, even before it came`(isBefore: Bool) async throws {
    let engine = Self.makeEngine(lanes: 1)
    let running = begin(Self.long, on: engine)
    let waiting = Task.immediate {
      if isBefore { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
      return try await engine.digest(of: Self.short)
    }
    waiting.cancel()
    await #expect(throws: PasswordHasherError.cancelled) { try await waiting.value }
    // It did not end in its turn: the call before it is not done yet.
    running.cancel()
    await #expect(throws: PasswordHasherError.cancelled) { try await running.value }
  }

  @Test(arguments: [1, 2], [1, 3])
  func `calls that are cancelled while in a lane throw that they were, and free their lanes`(
    threads: Int, lanes: Int
  ) async throws {
    let engine = Self.makeEngine(threads: threads, lanes: lanes)
    let running = (0..<threads * lanes).map { _ in begin(Self.long, on: engine) }
    let waiting = (0..<threads * lanes).map { _ in begin(Self.short, on: engine) }
    for call in running { call.cancel() }
    for call in running { await #expect(throws: PasswordHasherError.cancelled) { try await call.value } }
    for call in waiting { #expect(try await call.value == Self.short.digestByLibcrypto()) }
  }

  @Test func `a short job ends while a longer one continues beside it`() async throws {
    let engine = Self.makeEngine(lanes: 2)
    let long = begin(Self.long, on: engine)
    #expect(try await engine.digest(of: Self.short) == Self.short.digestByLibcrypto())
    long.cancel()
    await #expect(throws: PasswordHasherError.cancelled) { try await long.value }
  }

  @Test func `no call is refused while a lane is free, however long the others take`() async throws {
    let engine = BcryptEngine(threads: 1, lanesPerThread: 3, maximumWait: .zero, secondsPerRound: 1)
    let long = [begin(Self.long, on: engine), begin(Self.long, on: engine)]
    #expect(try await engine.digest(of: Self.short) == Self.short.digestByLibcrypto())
    for call in long { call.cancel() }
    for call in long { _ = await call.result }
  }

  /// Swift's pool may start a thread for the task that is resumed, and that thread inherits the priority.
  @Test func `callers are resumed at the priority of the process, not at that of hashing`() async throws {
    let engine = Self.makeEngine()
    let niceness = await withCheckedContinuation { continuation in
      let call = BcryptQueue.Call(cancellation: Cancellation()) { _ in
        continuation.resume(returning: getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))
      }
      do { try engine.begin(Self.short, for: call) } catch { continuation.resume(returning: .max) }
    }
    withExtendedLifetime(engine) {}
    #expect(niceness == getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(getpid())))
  }

  @Test func `an idle thread keeps nothing of a job`() async throws {
    let engine = Self.makeEngine()
    weak var key: SecretBytes?
    func compute() async throws {
      let job = BcryptJob(key: Array("secret".utf8), salt: Array(0..<16), cost: 4)
      key = job.key
      _ = try await engine.digest(of: job)
    }
    try await compute()
    try await waitUntil { key == nil }
  }

  @Suite(.serialized) struct EndTests {
    /// Enough that the threads which other tests start and end meanwhile make no difference.
    private static let many = 200

    @Test func `the threads end with the last reference to the engine`() async throws {
      var engine: BcryptEngine?
      try await expectThreadsToEnd {
        engine = BcryptEngineTests.makeEngine(threads: Self.many)
        _ = try await engine!.digest(of: BcryptEngineTests.short)
      } afterwards: {
        engine = nil
      }
    }

    @Test func `the thread that resumes callers ends with the last reference to it`() async throws {
      var completions: [BcryptCompletions] = []
      try await expectThreadsToEnd {
        completions = (0..<Self.many).map { _ in BcryptCompletions() }
      } afterwards: {
        #expect(completions.count == Self.many)
        completions = []
      }
    }

    private func expectThreadsToEnd(_ start: () async throws -> Void, afterwards end: () -> Void) async throws {
      let others = threadIDs()
      try await start()
      let present = threadIDs().subtracting(others)
      #expect(present.count >= Self.many)
      end()
      try await waitUntil { present.count - threadIDs().intersection(present).count >= Self.many }
    }

    private func threadIDs() -> Set<String> {
      Set((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? [])
    }
  }
}

/// Throws if the time limit has cancelled the test.
private func waitUntil(_ isTrue: () -> Bool) async throws {
  while !isTrue() {
    try Task.checkCancellation()
    await Task.yield()
  }
}
