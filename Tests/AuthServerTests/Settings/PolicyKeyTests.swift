import AuthCore
import Testing

@testable import AuthServer

@Suite struct PolicyKeyTests {
  /// The fields that have no key, because they are options or follow from one, and those of which only one throttle makes use.
  private static let others: Set = [
    "profile", "registration", "password-reset.returns-token", "throttling.login-per-network.lock-threshold",
    "throttling.reset-per-email.lock-threshold", "throttling.reset-per-network.lock-threshold",
    "throttling.registration-per-network.lock-threshold", "throttling.registration-per-email.lock-threshold",
    "throttling.email-change-per-user.lock-threshold", "throttling.recovery-per-network.lock-threshold",
    "email-verification.requirement",
  ]

  /// The names of all fields of a value and of the parts in it, as keys have them.
  private func fields(of value: Any, _ prefix: String = "") -> [String] {
    Mirror(reflecting: value).children.flatMap { child -> [String] in
      let name = prefix + kebabCase(child.label!)
      let part =
        Mirror(reflecting: child.value).displayStyle == .optional
        ? Mirror(reflecting: child.value).children.first?.value ?? child.value : child.value
      let isPart = [
        AuthPolicy.EmailVerification.self, AuthPolicy.EmailChange.self, AuthPolicy.Passwords.self, AuthPolicy.Sessions.self,
        AuthPolicy.PasswordReset.self,
        AuthPolicy.Throttling.self, AuthPolicy.Notices.self, Throttle.self,
      ].contains { $0 == type(of: part) }
      return isPart ? fields(of: part, name + ".") : [name]
    }
  }

  private func kebabCase(_ name: String) -> String {
    name.replacing("NFC", with: "Nfc").map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined()
  }

  @Test func `every field of a policy has a key, or is an option`() {
    let fields = Set(fields(of: AuthPolicy.strict))
    let keys = Set(PolicyKeys.all.map(\.name)).subtracting(PolicyKeys.tables)
    #expect(fields.subtracting(Self.others) == keys)
    #expect(Self.others.isSubset(of: fields))
  }

  @Test(arguments: PolicyKeys.all.map(\.name))
  func `a key changes its field, and reads what it has written`(_ name: String) throws {
    let key = try #require(PolicyKeys.byName[name])
    let values = ["none", "true", "false", "77", "7min", "3d", "any-text", "email-address", "uuid", "base64url"]
    var accepted = 0
    for value in values {
      var policy = AuthPolicy.strict
      do { try key.set(&policy, value) } catch { continue }
      accepted += 1
      #expect(key.text(policy) == value)
      #expect((policy == .strict) == (key.text(.strict) == value))
      // Under the other preset, too, which lacks some throttles.
      var classic = AuthPolicy.classic
      try key.set(&classic, value)
      #expect(key.text(classic) == value)
    }
    #expect(accepted >= 1)
  }

  @Test(arguments: [
    ("sessions.maximum-per-user", "0", "must be a whole number from 1 to 1000, not '0'"),
    ("sessions.maximum-per-user", "5 ", "must be a whole number from 1 to 1000, not '5 '"),
    ("passwords.minimum-length", "1025", "must be a whole number from 1 to 1024, not '1025'"),
    ("passwords.blocklist", "yes", "must be true or false, not 'yes'"),
    ("sessions.lifetime", "30", "must be a whole number with s, min, h or d, such as 15min, not '30'"),
    ("sessions.lifetime", "1.5h", "must be a whole number with s, min, h or d, such as 15min, not '1.5h'"),
    ("sessions.lifetime", "-1h", "must be a whole number with s, min, h or d, such as 15min, not '-1h'"),
    ("sessions.lifetime", "0s", "must be from 1s to 3650d, not '0s'"),
    ("sessions.lifetime", "3651d", "must be from 1s to 3650d, not '3651d'"),
    ("sessions.lifetime", "9223372036854775807d", "must be from 1s to 3650d, not '9223372036854775807d'"),
    ("sessions.lifetime", "none", "must be a whole number with s, min, h or d, such as 15min, not 'none'"),
    ("sessions.idle-timeout", "never", "must be a whole number with s, min, h or d, such as 15min, not 'never', or none"),
    ("token-format", "guid", "must be uuid or base64url, not 'guid'"),
    ("throttling.login-per-network", "off", "must be a table, or none, not 'off'"),
    ("throttling.login-per-email.threshold", "0", "must be a whole number from 1 to 1000000, not '0'"),
  ])
  func `a value that makes no sense is refused`(_ name: String, _ value: String, _ reason: String) throws {
    var policy = AuthPolicy.strict
    let error = #expect(throws: InvalidValue.self) { try PolicyKeys.byName[name]!.set(&policy, value) }
    #expect(error?.reason == reason)
    #expect(policy == .strict)
  }

  @Test(arguments: [("90s", "90s"), ("120s", "2min"), ("60min", "1h"), ("24h", "1d"), ("36h", "36h"), ("3650d", "3650d")])
  func `a duration is shown in the largest unit of which it is a multiple`(_ text: String, _ shown: String) throws {
    #expect(try Duration(policy: text).policyText == shown)
  }

  @Test(arguments: [
    ("throttling.login-per-email.first-delay: 2h", ": the first delay is longer than the longest, 1h"),
    ("throttling.login-per-network.longest-delay: 31d", ": a counter is forgotten after 30d, before its longest delay is over"),
    ("throttling.memory: 1min", ": a counter is forgotten after 1min, before its longest delay is over"),
    ("throttling.login-per-email.lock-threshold: 4", ": the lock, after 4, comes before the first delay"),
    ("throttling.login-per-email.threshold: 101", ": the lock, after 100, comes before the first delay"),
  ])
  func `numbers that contradict each other are refused`(_ line: String, _ sentence: String) {
    var reader = SettingReader(variables: [:], file: SettingsFile(path: "a.yaml", contents: Array(line.utf8)))
    _ = reader.policy(from: .strict)
    let key = line.split(separator: ":").first!
    #expect(reader.problems.map(\.description).first == "a.yaml:1: \(key)\(sentence)")
  }
}
