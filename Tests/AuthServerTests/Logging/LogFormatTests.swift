import AuthCore
import Foundation
import Logging
import Testing

@testable import AuthServer

@Suite struct LogFormatTests {
  private static let time = Timestamp(secondsSince1970: 1_764_000_000)

  @Test func `a line of text has time, level, metadata in alphabetical order, module and message`() {
    let line = LogFormat.text.line(.notice, "authn_login_fail", metadata: ["user": "1", "client": "198.51.100.5"], at: Self.time)
    #expect(line == "2025-11-24T16:00:00Z notice AuthServer: client=198.51.100.5 user=1 [AuthServer] authn_login_fail\n")
  }

  @Test func `a line of JSON has the same as members`() {
    let line = LogFormat.json.line(.notice, "authn_login_fail", metadata: ["user": "1"], source: "AuthHTTP", at: Self.time)
    #expect(
      line == """
        {"level":"notice","message":"authn_login_fail","source":"AuthHTTP","time":"2025-11-24T16:00:00Z","user":"1"}

        """)
  }

  @Test(arguments: LogFormat.allCases, ["a\nb", "a\r\nb", "a\u{2028}b", "a\u{1b}[2Jb", "a\"b\\c", "\u{85}"])
  func `no text begins a line of its own`(_ format: LogFormat, _ text: String) throws {
    let line = format.line(.info, text, metadata: ["key": "\(text)"], at: Self.time)
    #expect(line.unicodeScalars.last == "\n")
    #expect(!line.unicodeScalars.dropLast().contains { ["\n", "\r", "\u{1b}"].contains($0) })
    guard format == .json else { return }
    let members = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
    #expect(members["message"] == text && members["key"] == text)
  }

  @Test func `metadata takes the name of no member that every line has`() throws {
    let line = LogFormat.json.line(.info, "right", metadata: ["message": "wrong", "level": "wrong"], at: Self.time)
    let members = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
    #expect(members["message"] == "right" && members["level"] == "info")
  }
}
