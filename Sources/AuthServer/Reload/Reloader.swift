internal import AuthCore
internal import AuthHTTP
internal import Logging
internal import Synchronization

/// A part of the running server that takes over new settings.
protocol Reloadable: Sendable {
  /// Prepares what the settings ask for, which may fail, and returns what puts it in force, which may not.
  ///
  /// - Throws: an error whose description is a sentence for the operator.
  func prepare(_ configuration: ServerConfiguration) throws -> @Sendable () -> Void
}

/// Reads the settings again, and puts those in force that can change without a restart: all of them or, if one is wrong, none.
final class Reloader: Sendable {
  private let read: @Sendable () throws(SettingProblems) -> ServerConfiguration
  private let parts: [any Reloadable]
  private let logger: Logger
  private let current: Mutex<ServerConfiguration>

  /// - Parameters:
  ///   - configuration: what is in force.
  ///   - parts: what takes over new settings.
  ///   - read: reads the settings again.
  init(
    _ configuration: ServerConfiguration, parts: [any Reloadable], logger: Logger,
    read: @escaping @Sendable () throws(SettingProblems) -> ServerConfiguration
  ) {
    current = Mutex(configuration)
    self.parts = parts
    self.logger = logger
    self.read = read
  }

  /// Waits for files. The log says what changed, what needs a restart, and every problem.
  func reload() {
    do {
      let new = try read()
      try current.withLock { current in
        let next = try current.reloading(new)
        let commits = try parts.map { try $0.prepare(next) }
        let (changes, warnings) = (SettingChanges(from: current, to: new), new.warnings.filter { !current.warnings.contains($0) })
        // At the lower of the two levels.
        let isQuieter = next.logLevel > current.logLevel
        if isQuieter { log(changes, warnings) }
        for commit in commits { commit() }
        if !isQuieter { log(changes, warnings) }
        current = next
      }
    } catch let problems as SettingProblems {
      for problem in problems.all { logger.error("settings were not reloaded: \(problem)") }
    } catch {
      logger.error("settings were not reloaded: \(error)")
    }
  }

  private func log(_ changes: SettingChanges, _ warnings: [String]) {
    logger.info("settings reloaded\(changes.made.isEmpty ? "; none has changed" : "")")
    for change in changes.made { logger.info("\(change)") }
    for warning in changes.needingRestart + warnings { logger.warning("\(warning)") }
  }
}

extension PageStyle {
  /// This style with what can change without a restart; mail has the name, too.
  fileprivate func reloading(_ new: PageStyle?) -> PageStyle {
    guard let new else { return self }
    return PageStyle(name: name, accent: new.accent, homeURL: new.homeURL)
  }
}

extension ServerConfiguration {
  /// These settings with those of another configuration that can change without a restart.
  ///
  /// - Throws: ``SettingProblems`` for another preset, from which too much follows that needs a restart, and for TLS where there
  ///   was none or the other way round.
  func reloading(_ new: ServerConfiguration) throws(SettingProblems) -> ServerConfiguration {
    guard new.policy == policy else {
      let source = new.values.first { $0.key == ServiceSettings.Policy.name }?.source ?? ""
      let sentence = "policy \(new.policy) needs a restart, and so do the other changes; the server runs with \(policy)"
      throw SettingProblems(all: [SettingProblem(description: "\(source): \(sentence)", line: 0)])
    }
    guard (new.tls == nil) == (tls == nil) else {
      let sentence = "turning TLS \(tls == nil ? "on" : "off") needs a restart, and so do the other changes"
      throw SettingProblems(all: [SettingProblem(description: sentence, line: 0)])
    }
    var next = self
    next.tls = new.tls
    next.logLevel = new.logLevel
    next.serviceKeys = new.serviceKeys
    next.authPolicy = new.authPolicy
    // These two follow from settings that stay as they are.
    next.authPolicy.passwordReset.returnsToken = authPolicy.passwordReset.returnsToken
    next.httpPolicy = new.httpPolicy
    next.httpPolicy.cookie = httpPolicy.cookie
    next.httpPolicy.pages = httpPolicy.pages?.reloading(new.httpPolicy.pages)
    next.warnings = new.warnings
    next.values = new.values.filter(\.isReloadable) + values.filter { !$0.isReloadable }
    return next
  }
}
