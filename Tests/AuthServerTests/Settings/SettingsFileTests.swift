import Foundation
import Testing

@testable import AuthServer

@Suite struct SettingsFileTests {
  private func file(_ text: String) -> SettingsFile { SettingsFile(path: "a.yaml", contents: Array(text.utf8)) }

  private func problems(_ text: String) -> [String] { file(text).problems.map(\.description) }

  @Test func `keys, lists and tables are read with their lines, and every value is text`() {
    let file = file(
      """
      # a comment
      port: 5000 # another
      insecure-cookies: no
      host: "a: b"

      trusted-proxies:
        - 127.0.0.1
        - '::1'
      sessions:
        maximum-per-user: 010
      throttling: { login-per-network: { threshold: 5 } }
      """)
    #expect(file.problems.isEmpty)
    #expect(
      file.entries == [
        .init(key: "port", content: .text("5000"), line: 2), .init(key: "insecure-cookies", content: .text("no"), line: 3),
        .init(key: "host", content: .text("a: b"), line: 4),
        .init(key: "trusted-proxies", content: .list(["127.0.0.1", "::1"]), line: 6),
        .init(key: "sessions", content: .table, line: 9),
        .init(key: "sessions.maximum-per-user", content: .text("010"), line: 10),
        .init(key: "throttling", content: .table, line: 11),
        .init(key: "throttling.login-per-network", content: .table, line: 11),
        .init(key: "throttling.login-per-network.threshold", content: .text("5"), line: 11),
      ])
  }

  @Test(arguments: ["", "\n\n", "# only\n# comments", "---\n", "\u{feff}", "{}"])
  func `a file may be without settings`(_ text: String) {
    #expect(file(text).entries.isEmpty && file(text).problems.isEmpty)
  }

  @Test(arguments: [
    "port: 80\r\nhost: a\r\n", "\u{feff}port: 80\nhost: a", #"{"port": 80, "host": "a"}"#, "---\nport: 80\nhost: a\n...\n",
  ])
  func `line breaks of Windows, a byte order mark and JSON are read alike`(_ text: String) {
    #expect(file(text).problems.isEmpty)
    #expect(file(text).entries.map(\.content) == [.text("80"), .text("a")])
  }

  @Test func `the name of a table may be written with the key`() {
    #expect(file("sessions.lifetime: 3d").entry(of: "sessions.lifetime")?.content == .text("3d"))
  }

  @Test(arguments: [
    ("port: 80\nhost: a\nport: 81", "a.yaml:3: port is already on line 1"),
    ("sessions.lifetime: 3d\nsessions:\n  lifetime: 4d", "a.yaml:3: sessions.lifetime is already on line 1"),
    ("host: a\nport: [80\n", "a.yaml:3: while parsing a flow sequence: did not find expected ',' or ']'"),
    ("host: a\nport: [80", "a.yaml:2: while parsing a flow sequence: did not find expected ',' or ']'"),
    ("host: a\r\nport: [80\r", "a.yaml:3: while parsing a flow sequence: did not find expected ',' or ']'"),
    ("host: a\nport: @80", "a.yaml:2: while scanning for the next token: found character that cannot start any token"),
    ("a: &x 1", "a.yaml:1: anchors (&), aliases (*) and tags (!) are not used in settings; put quotes around the text"),
    ("a: 1\nb: *x", "a.yaml:2: anchors (&), aliases (*) and tags (!) are not used in settings; put quotes around the text"),
    ("a: !!int 1", "a.yaml:1: anchors (&), aliases (*) and tags (!) are not used in settings; put quotes around the text"),
    ("a: &x [1]", "a.yaml:1: anchors (&), aliases (*) and tags (!) are not used in settings; put quotes around the text"),
    ("a: &x {b: 1}", "a.yaml:1: anchors (&), aliases (*) and tags (!) are not used in settings; put quotes around the text"),
    ("- a\n- b", "a.yaml:1: must have keys and values, such as 'port: 5000'"),
    ("5000", "a.yaml:1: must have keys and values, such as 'port: 5000'"),
    ("host: a\n---\nport: 80", "a.yaml:2: must be one document, but another one begins here"),
    ("? [a, b]\n: c", "a.yaml:1: a key must be text"),
    ("a:\n - 1\n - [2]\n - {b: 3}", "a.yaml:3: a must be a list of values, not of lists or tables"),
    ("host: a\nport: \u{1}", "a.yaml:2: control characters are not allowed"),
    ("\"a\\nb\": 1\n\"a\\x0ab\": 2", "a.yaml:2: a\\u{a}b is already on line 1"),
  ])
  func `a mistake is named with its line`(_ text: String, _ problem: String) {
    #expect(problems(text) == [problem])
  }

  @Test func `bytes that are not UTF-8 are refused with their line`() {
    let file = SettingsFile(path: "a.yaml", contents: Array("port: 80\nhost: ".utf8) + [0xff])
    #expect(file.problems.map(\.description) == ["a.yaml:2: is not in UTF-8"])
  }

  @Test func `a file that is none, or too long, is refused`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/long.yaml"
    func problems(_ path: String) -> [String] { SettingsFile(path: path).problems.map(\.description) }
    try Data(repeating: UInt8(ascii: "#"), count: SettingsFile.maximumBytes).write(to: URL(filePath: path))
    #expect(problems(path).isEmpty)
    try Data(repeating: UInt8(ascii: "#"), count: SettingsFile.maximumBytes + 1).write(to: URL(filePath: path))
    #expect(problems(path) == ["\(path) has more than 1048576 bytes"])
    #expect(problems("/dev/zero") == ["/dev/zero has more than 1048576 bytes"])
    #expect(problems(directory.path) == ["\(directory.path) cannot be read: Is a directory"])
    #expect(problems("/nowhere") == ["/nowhere cannot be read: No such file or directory"])
  }

  @Test func `what is deeply nested is refused, and what is long takes no long time`() {
    let sentence = "a.yaml:1: is nested more than 8 times"
    #expect(problems(String(repeating: "[", count: SettingsFile.maximumBytes)) == [sentence])
    #expect(problems("a: " + String(repeating: "{a: ", count: 5_000)) == [sentence])
    #expect(file((1...20_000).map { "k\($0): 1\n" }.joined()).entries.count == 20_000)
  }
}
