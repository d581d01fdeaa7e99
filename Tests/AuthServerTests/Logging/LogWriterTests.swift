import AuthCore
import Glibc
import SystemPackage
import Testing

@testable import AuthServer

@Suite struct LogWriterTests {
  private static func writer(to descriptor: FileDescriptor, limit: Int = LogWriter.defaultLimit) -> LogWriter {
    LogWriter(to: descriptor, limit: limit) { "\($0) dropped\n" }
  }

  /// All lines until the other end is closed, read on a thread of their own because that blocks.
  private static func lines(from descriptor: FileDescriptor) async -> [Substring] {
    await withCheckedContinuation { continuation in
      startThread {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while let count = unsafe try? piece.withUnsafeMutableBytes({ unsafe try descriptor.read(into: $0) }), count > 0 {
          bytes += piece[..<count]
        }
        continuation.resume(returning: String(decoding: bytes, as: UTF8.self).split(separator: "\n"))
      }
    }
  }

  @Test func `lines are written in the order in which they came`() async throws {
    let (readEnd, writeEnd) = try FileDescriptor.pipe()
    let writer = Self.writer(to: writeEnd)
    for number in 1...1_000 { writer.write("\(number)\n") }
    await writer.close(within: .seconds(600))
    try writeEnd.close()
    #expect(await Self.lines(from: readEnd) == (1...1_000).map { "\($0)" })
    try readEnd.close()
  }

  @Test(arguments: [false, true])
  func `what a full pipe does not take is dropped and counted, and the count is written when there is room`(
    _ isNonBlocking: Bool
  ) async throws {
    let (readEnd, writeEnd) = try FileDescriptor.pipe()
    if isNonBlocking { #expect(fcntl(writeEnd.rawValue, F_SETFL, O_NONBLOCK) == 0) }
    let writer = Self.writer(to: writeEnd, limit: 1_000)
    // A pipe takes 64 KiB.
    let line = String(repeating: "x", count: 99) + "\n"
    for _ in 1...2_000 { writer.write(line) }

    async let lines = Self.lines(from: readEnd)
    await writer.close(within: .seconds(600))
    try writeEnd.close()
    let written = await lines
    try readEnd.close()
    let dropped = written.compactMap { line in line.hasSuffix(" dropped") ? Int(line.dropLast(8)) : nil }
    #expect(dropped.reduce(0, +) > 1_000)
    #expect(dropped.reduce(0, +) + written.count - dropped.count == 2_000)
  }

  @Test func `what a full disk does not take is dropped, and counted when there is room again`() async throws {
    let log = try FileDescriptor.open(FilePath("/dev/full"), .writeOnly)
    let writer = Self.writer(to: log)
    for _ in 1...10 { writer.write("lost\n") }
    while !writer.isDrained { await Task.yield() }
    // Room again, under the same number.
    let (readEnd, writeEnd) = try FileDescriptor.pipe()
    _ = try writeEnd.duplicate(as: log)
    try writeEnd.close()
    writer.write("kept\n")
    await writer.close(within: .seconds(600))
    try log.close()
    #expect(await Self.lines(from: readEnd) == ["kept", "10 dropped"])
    try readEnd.close()
  }

  @Test func `a log that is not read is not waited for at the end`() async throws {
    let (readEnd, writeEnd) = try FileDescriptor.pipe()
    let writer = Self.writer(to: writeEnd)
    writer.write(String(repeating: "x", count: 100_000) + "\n")
    await writer.close(within: .zero)
    // The thread of the writer ends.
    async let lines = Self.lines(from: readEnd)
    await writer.close(within: .seconds(600))
    try writeEnd.close()
    #expect(await lines.map(\.count) == [100_000])
    try readEnd.close()
  }
}
