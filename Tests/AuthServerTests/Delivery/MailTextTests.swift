import AuthCore
import Foundation
import Testing

@testable import AuthServer

/// How text is written in mail: RFC 2045, RFC 2047 and RFC 5322.
@Suite struct MailTextTests {
  @Test(arguments: [
    ("", ""), ("a", "a\n"), ("a\n", "a\n"), ("a\r\nb\rc\n\nd", "a\nb\nc\n\nd\n"), ("a=b", "a=3Db\n"), ("é", "=C3=A9\n"),
    ("a \nb\t", "a=20\nb=09\n"), ("\u{0}\u{b}\u{7f}", "=00=0B=7F\n"), (".\n.a.\n", "=2E\n=2Ea.\n"),
    ("From me\nFrom: me\nFrame", "=46rom me\nFrom: me\nFrame\n"), ("\u{2028}", "=E2=80=A8\n"),
  ])
  func `quoted-printable`(text: String, encoded: String) {
    #expect(MailText.quotedPrintable(text) == encoded)
  }

  @Test(arguments: [75, 76, 77, 150, 151, 152, 1000])
  func `a line of quoted-printable has at most 76 columns, and as few breaks as that needs`(count: Int) {
    for text in ["x", "=", "é", ".", " "].map({ String(repeating: $0, count: count) }) {
      let encoded = MailText.quotedPrintable(text)
      let lines = encoded.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.allSatisfy { $0.utf8.count <= 76 })
      #expect(lines.dropLast().allSatisfy { $0.hasSuffix("=") && $0.utf8.count > 72 })
      #expect(!lines.contains { $0.hasPrefix(".") })
      let decoded = encoded.replacing("=\n", with: "").replacing(/=([0-9A-F]{2})/) { "%\($0.1)" }.removingPercentEncoding
      #expect(decoded == text + "\n")
    }
  }

  @Test(arguments: [
    ("Set a new password", "Set a new password"), ("", ""), ("é", "=?utf-8?B?w6k=?="), ("a\r\nBcc: x@y", "a  Bcc: x@y"),
    ("a\u{0}b\u{2028}c\u{202e}d", "a b c d"), ("=?utf-8?Q?x?=", "=?utf-8?B?PT91dGYtOD9RP3g/PQ==?="),
    (
      String(repeating: "x", count: 61),
      "=?utf-8?B?eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4?=\n =?utf-8?B?eHh4eHh4eHh4eHh4eHh4eHh4eHh4?="
    ),
  ])
  func `a subject is one line, in encoded words where it has to be`(text: String, encoded: String) {
    let written = MailText.unstructured(text)
    #expect(written.split(separator: "\n ").allSatisfy { $0.utf8.count <= 75 })
    if text.utf8.count != 61 { #expect(written == encoded) }
  }

  @Test func `an encoded word has whole characters, and all of them together the text`() throws {
    let text = String(repeating: "😀é", count: 60)
    let words = MailText.unstructured(text).split(separator: "\n ")
    let decoded = try words.map { word in
      #expect(word.utf8.count <= 75 && word.hasPrefix("=?utf-8?B?") && word.hasSuffix("?="))
      let data = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
      return try #require(String(validating: data, as: UTF8.self))
    }
    #expect(decoded.joined() == text)
  }

  @Test(arguments: [
    ("Example", "\"Example\""), ("A \"B\" \\ C, D <x@y>", #""A \"B\" \\ C, D <x@y>""#), ("\"\u{301}", "=?utf-8?B?IsyB?="),
    ("a\nb", "\"a b\""), ("=?x?=", "=?utf-8?B?PT94Pz0=?="),
  ])
  func `a name is a quoted string or encoded words`(text: String, encoded: String) {
    #expect(MailText.phrase(text) == encoded)
  }

  @Test func `a date is in UTC`() {
    #expect(MailText.date(Timestamp(secondsSince1970: 1_795_582_800)) == "Wed, 25 Nov 2026 05:00:00 +0000")
  }

  @Test(arguments: [
    ("bob@example.org", "bob@example.org"), ("BOB+x@localhost", "BOB+x@localhost"), (".bob@x.org", "\".bob\"@x.org"),
    ("b..b@x.org", "\"b..b\"@x.org"), ("b.@x.org", "\"b.\"@x.org"), ("-bob@x.org", "-bob@x.org"),
    ("!#$%&'*+/=?^_`{|}~-@x.org", "!#$%&'*+/=?^_`{|}~-@x.org"), (#""a b"@x.org"#, #""a b"@x.org"#),
    (#""a\"@\\"@x.org"#, #""a\"@\\"@x.org"#), ("a@xn--mnchen-3ya.de", "a@xn--mnchen-3ya.de"),
  ])
  func `an address is written as mail has it`(email: String, address: String) throws {
    #expect(try MailAddress(email).text == address)
  }

  @Test(arguments: [
    ("bob", MailAddress.Problem.noDomain), ("", .noDomain), ("é@x.org", .notASCII), ("a@é.org", .notASCII),
    ("@x.org", .localPart),
    ("a b@x.org", .localPart), ("a,b@x.org", .localPart), ("a@x.org, b@x.org", .localPart), ("Bob <bob@x.org>", .domain),
    ("a@b@x.org", .localPart), (#""a"b"@x.org"#, .localPart), (#""a\"@x.org"#, .localPart), (#"""@x.org"#, .localPart),
    ("a(b)@x.org", .localPart), ("a@", .domain), ("a@x..org", .domain), ("a@-x.org", .domain), ("a@x.org.", .domain),
    ("a@[127.0.0.1]", .domain), ("a@x.org\r\nBcc: b@x.org", .localPart), ("a@x.org\n", .domain), ("a\u{0}@x.org", .localPart),
    ("\"a\r\nb\"@x.org", .localPart), (String(repeating: "a", count: 65) + "@x.org", .localPart),
    ("a@" + String(repeating: "x", count: 64), .domain), ("a@" + String(repeating: "x.", count: 130) + "org", .domain),
  ])
  func `what is not one address is refused`(email: String, problem: MailAddress.Problem) {
    #expect(throws: problem) { try MailAddress(email) }
  }

  @Test(arguments: [
    ("a@example.org", "a@example.org"), ("<a@example.org>", "a@example.org"),
    ("Example <a@example.org>", "Example <a@example.org>"),
    ("\"Ex, Inc.\" <a@example.org>", "Ex, Inc. <a@example.org>"), ("Élan <a@example.org>", "Élan <a@example.org>"),
  ])
  func `a sender is an address with or without a name`(text: String, sender: String) throws {
    #expect("\(try MailSender(setting: text))" == sender)
  }

  @Test(arguments: [
    "", "Example", "Example <>", "a@b@example.org", "-a@example.org", ".a@example.org", "\"a b\"@example.org",
    "a@example.org\nBcc: b@example.org", "a\nb <a@example.org>", "\u{202e}a <a@example.org>", "é@example.org",
    String(repeating: "x", count: 101) + " <a@example.org>", "a@example.org>", "_a@example.org",
  ])
  func `another sender is refused`(text: String) {
    #expect(throws: InvalidValue.self) { try MailSender(setting: text) }
  }
}
