import AuthCore
import Foundation
import Testing

@testable import AuthServer

@Suite struct StandardsTests {
  /// A value for each key with which the requirements are not met.
  private static let violations = [
    ("passwords.minimum-length", "14"), ("passwords.minimum-length", "7"), ("passwords.minimum-length", "65"),
    ("passwords.normalizes-to-nfc", "false"), ("passwords.blocklist", "false"), ("passwords.notifies-of-change", "false"),
    ("token-format", "uuid"), ("sessions.lifetime", "31d"), ("sessions.idle-timeout", "none"),
    ("sessions.remembers-by-default", "true"), ("sessions.end-on-password-update", "false"),
    ("sessions.reauthentication-age", "none"),
    ("password-reset.token-lifetime", "25h"), ("throttling.login-per-email.lock-threshold", "101"),
    ("throttling.login-per-email.lock-threshold", "none"), ("throttling.login-per-email.forgiveness", "1min"),
    ("throttling.login-per-network", "none"), ("throttling.reset-per-email", "none"), ("throttling.reset-per-network", "none"),
    ("throttling.recovery-per-network", "none"),
    ("notices.of-account-changes", "false"), ("notices.failed-logins", "none"), ("notices.client-memory", "none"),
  ]

  @Test func `the presets meet what they claim`() {
    #expect(Requirement.unmet(by: .strict).isEmpty)
    // It claims nothing.
    #expect(Requirement.unmet(by: .classic).isEmpty)
  }

  @Test(arguments: violations)
  func `a value that falls short is noticed`(_ key: String, _ value: String) throws {
    var policy = AuthPolicy.strict
    try PolicyKeys.byName[key]!.set(&policy, value)
    #expect(Requirement.unmet(by: policy).contains { $0.key == key })
  }

  @Test func `every requirement can be missed, and is one that Security.md calls met`() throws {
    let path = URL(filePath: #filePath).appending(path: "../../../../Docs/Security.md").standardizedFileURL
    let rows = try String(contentsOf: path, encoding: .utf8).components(separatedBy: "\n")
    for requirement in Requirement.all {
      #expect(
        Self.violations.contains { key, value in
          var policy = AuthPolicy.strict
          try? PolicyKeys.byName[key]!.set(&policy, value)
          return !requirement.isMet(policy)
        })
      let number = requirement.source.split(separator: ", ").last!
      #expect(rows.contains { $0.hasPrefix("| \(number)") && $0.contains("| met |") }, "\(requirement.source)")
    }
  }
}
