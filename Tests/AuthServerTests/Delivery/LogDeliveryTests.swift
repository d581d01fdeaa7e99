import AuthCore
import Logging
import Synchronization
import Testing

@testable import AuthServer

@Suite struct LogDeliveryTests {
  private final class Lines: Sendable { let all = Mutex<[String]>([]) }

  private struct Recorder: LogHandler {
    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      lines.all.withLock { $0.append("\(event.level): \(event.message)") }
    }
  }

  @Test func `a message is a line of the log that says what it is for`() async throws {
    let lines = Lines()
    let logger = Logger(label: "test") { _ in Recorder(lines: lines) }
    try await LogDelivery(logger: logger, linkBase: nil).deliver(.sample)
    let json = String(decoding: AuthMessage.sample.json(linkBase: nil), as: UTF8.self)
    #expect(lines.all.withLock { $0 } == ["warning: for development only, a message: \(json)"])
  }
}
