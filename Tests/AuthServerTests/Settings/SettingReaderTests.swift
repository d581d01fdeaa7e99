import Testing

@testable import AuthServer

@Suite struct SettingReaderTests {
  /// A value of each setting, as any source has it.
  private static let samples = [
    "host": "127.0.0.1", "port": "80", "listen": "unix:/run/auth.socket,127.0.0.1:80", "tls-certificate": "/etc/tls.crt",
    "tls-key": "/etc/tls.key", "database": "a.sqlite", "keep-alive-timeout": "5", "policy": "strict",
    "registration": "closed", "verify-emails": "before-login", "bcrypt-cost": "11", "hash-threads": "3",
    "context-words": "acme,initech", "delivery": "log", "delivery-command": "/bin/true", "webhook-url": "https://example.org/x",
    "webhook-secret-file": "/etc/secret",
    "link-base": "https://example.org/reset", "trusted-proxies": "127.0.0.1,10.0.0.0/8",
    "allowed-origins": "https://app.example.org", "service-key-file": "/etc/key", "insecure-cookies": "true",
    "cookie-domain": "example.org", "identity-headers": "X-User=id,X-Email=email", "login-url": "https://example.org/login",
    "change-password-url": "https://example.org/password", "clear-site-data": "false", "openapi": "true",
    "log-format": "json", "log-level": "debug", "access-log": "true", "operations-listen": "127.0.0.1:9464",
    "mail-from": "Example <a@example.org>", "mail-program": "/usr/sbin/sendmail", "mail-templates": "/etc/mail",
    "events-webhook": "https://example.org/e", "events-webhook-secret-file": "/etc/secret",
    "mail-language": "fr", "service-name": "Example",
    "pages": "https://auth.example.org", "pages-accent": "00664f", "pages-home": "https://example.org/login",
    "postgres-schema": "accounts", "postgres-read-connections": "4", "postgres-write-connections": "1",
    "postgres-require-sync": "true", "postgres-insecure-tls": "true",
  ]

  private static let names = Serve.settings.map { $0.name }.filter { $0 != "config" }

  /// What a reader finds, and what is wrong with it.
  private func read<Declaration: Setting>(
    _: Declaration.Type, option: String? = nil, variables: [String: String] = [:], file: SettingsFile? = nil
  ) -> (value: Declaration.Value?, origin: Origin, problems: [String]) {
    var reader = SettingReader(variables: variables, file: file)
    let value = reader.valueIfAny(of: Given<Declaration>(text: option))
    return (value, reader.origin(of: Declaration.name), reader.problems.map(\.description))
  }

  private func file(_ text: String) -> SettingsFile { SettingsFile(path: "a.yaml", contents: Array(text.utf8)) }

  @Test(arguments: names)
  func `every setting is found on the command line, else among the variables, else in the file`(_ name: String) throws {
    let setting = try #require(Serve.settings.first { $0.name == name })
    let sample = try #require(Self.samples[name], "a new setting needs a sample")
    let file = file("# a comment\n\(name): \(sample)")
    let variables = [setting.variable: sample]
    for (option, variables, origin) in [
      (sample, variables, .option), (nil, variables, .variable), (nil, [:], .line(2, of: "a.yaml")),
    ] as [(String?, [String: String], Origin)] {
      let read = read(setting, option: option, variables: variables, file: file)
      #expect(read.origin == origin)
      #expect(read.value != nil && read.problems.isEmpty)
    }
    #expect(read(setting).origin == .none && read(setting).value == nil)
  }

  @Test(arguments: names)
  func `a setting in the file has one value, of its own type, and not an empty one`(_ name: String) throws {
    let setting = try #require(Serve.settings.first { $0.name == name })
    let subject = "a.yaml:1: \(name)"
    #expect(read(setting, file: file("\(name):")).problems == [subject + " has an empty value; give it one or leave it out"])
    #expect(read(setting, file: file("\(name): {a: b}")).problems == [subject + " must be a value, not a table"])
    let list = read(setting, file: file("\(name): ['a,b']")).problems
    let rule = setting.isList ? " has a value with a comma in it, which would be two values" : " must be one value, not a list"
    #expect(list == [subject + rule])
    if Self.samples[name].flatMap({ Int($0) }) != nil {
      #expect(read(setting, file: file("\(name): many")).problems.first?.hasPrefix(subject + " must be a whole number") == true)
    }
  }

  @Test func `a list may be written as one, or with commas`() {
    for text in ["[127.0.0.1, 10.0.0.0/8]", "127.0.0.1,10.0.0.0/8", "\n- 127.0.0.1\n- 10.0.0.0/8"] {
      let read = read(ClientSettings.TrustedProxies.self, file: file("trusted-proxies: " + text))
      #expect(read.value?.values.map { "\($0)" } == ["127.0.0.1/32", "10.0.0.0/8"])
    }
  }

  @Test func `what the file says has to be right even where the command line has another value`() {
    let read = read(ServiceSettings.ListeningPort.self, option: "80", file: file("port: http"))
    #expect(read.value?.value == 80)
    #expect(read.problems == ["a.yaml:1: port must be a whole number from 0 to 65535, not 'http'"])
  }

  @Test(arguments: [
    ("prot", "port"), ("keep_alive_timeout", "keep-alive-timeout"), ("keepalive-timeout", "keep-alive-timeout"),
    ("Host", "host"), ("maximum-per-user", "sessions.maximum-per-user"), ("session.lifetime", "sessions.lifetime"),
    ("lifetimes", nil), ("x", nil), ("throttling.login-per-networks.threshold", "throttling.login-per-network.threshold"),
  ])
  func `a mistyped key is named with the one that was meant`(_ key: String, _ meant: String?) {
    var reader = SettingReader(variables: [:], file: file("# a comment\n\(key): 1"))
    reader.refuseUnknownKeys(besides: Serve.settings)
    let sentence = "a.yaml:2: \(key) is not a setting" + (meant.map { "; did you mean \($0)?" } ?? "")
    #expect(reader.problems.map(\.description) == [sentence])
  }

  @Test func `an unknown table is named once, and a table is not a value`() {
    var reader = SettingReader(
      variables: [:], file: file("a: {b: 1, c: {d: 2}}\nsessions: 5\nthrottling:\n# nothing\nconfig: b.yaml"))
    reader.refuseUnknownKeys(besides: Serve.settings)
    #expect(
      reader.problems.map(\.description) == [
        "a.yaml:1: a is not a setting", "a.yaml:2: sessions must be a table of keys, not a value",
        "a.yaml:5: config cannot be set in the file itself",
      ])
  }
}
