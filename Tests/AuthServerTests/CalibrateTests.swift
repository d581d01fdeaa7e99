import Testing

/// NIST SP 800-63B-4: 3.1.1.2.
@Suite struct CalibrateTests {
  /// The numbers of a table's row: cost, milliseconds alone and at full load, logins a second.
  private func rows(_ output: String) -> [[Double]] {
    output.split(separator: "\n").compactMap { line in
      line.wholeMatch(of: /\ *(\d+) +(\d+) ms +(\d+) ms +([\d.]+)/).map { row in
        [row.1, row.2, row.3, row.4].map { Double($0)! }
      }
    }
  }

  private func calibrate(_ arguments: [String], environment: [String: String] = [:]) async throws -> String {
    let process = try ServerProcess(["calibrate"] + arguments, environment: environment, isRaw: true)
    #expect(await process.exitStatus == 0)
    return process.output
  }

  @Test func `the table has each cost that may be recommended, and one more takes twice as long`() async throws {
    let rows = rows(try await calibrate([]))
    #expect(rows.map(\.[0]) == [10, 11, 12, 13, 14, 15, 16])
    for (row, next) in zip(rows, rows.dropFirst()) {
      #expect(row[1] > 0 && row[2] > 0)
      // Within what rounding to whole milliseconds leaves open.
      #expect(abs(next[1] - 2 * row[1]) <= 1)
      #expect(abs(next[2] - 2 * row[2]) <= 1)
    }
  }

  @Test func `as many logins are done in a second as are computed at a time, divided by their time at full load`() async throws {
    let output = try await calibrate(["--hash-threads", "2"])
    let lanes = try #require(output.firstMatch(of: /threads: 2, passwords at a time on each: (\d+)\n/).flatMap { Double($0.1) })
    for row in rows(output) {
      let expected = 2 * lanes / (row[2] / 1000)
      // The time is rounded up to a millisecond, the result to a hundredth.
      #expect(abs(row[3] - expected) <= 0.005 + expected / (row[2] - 1))
    }
  }

  @Test(arguments: [1, 1000, 60000])
  func `the greatest cost that meets the target is recommended, and at least 10`(target: Int) async throws {
    let output = try await calibrate(["--target-ms", "\(target)"])
    let within = rows(output).last { $0[2] <= Double(target) }
    #expect(output.contains("recommended: --bcrypt-cost \(Int(within?[0] ?? 10)),"))
    #expect(output.contains("takes longer than \(target) ms") == (within == nil))
  }

  @Test func `threads are counted as for the server`() async throws {
    #expect(try await calibrate(["--hash-threads", "1"]).hasPrefix("threads: 1,"))
    #expect(try await calibrate([], environment: ["SWIFT_AUTH_HASH_THREADS": "3"]).hasPrefix("threads: 3,"))
  }

  @Test(arguments: ["0", "-1", "60001", "soon"])
  func `an invalid target is refused with status 64 and its limits`(_ target: String) async throws {
    let process = try ServerProcess(["calibrate", "--target-ms=\(target)"], isRaw: true)
    #expect(await process.exitStatus == 64)
    #expect(process.output.contains("'\(target)' is invalid for '--target-ms"))
    #expect(process.output.contains("1 to 60000"))
  }
}
