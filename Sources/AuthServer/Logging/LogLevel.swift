internal import Logging
internal import Synchronization

/// The level of the log, which all loggers share, and which changes while they log.
final class LogLevel: Reloadable {
  private static let levels = Logger.Level.allCases

  private let index: Atomic<Int>

  init(_ level: Logger.Level) {
    index = Atomic(Self.index(of: level))
  }

  var value: Logger.Level { Self.levels[index.load(ordering: .relaxed)] }

  func prepare(_ configuration: ServerConfiguration) -> @Sendable () -> Void {
    let level = configuration.logLevel
    return { self.index.store(Self.index(of: level), ordering: .relaxed) }
  }

  private static func index(of level: Logger.Level) -> Int { levels.firstIndex(of: level)! }
}
