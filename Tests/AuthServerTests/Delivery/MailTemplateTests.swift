import AuthCore
import AuthHTTP
import Foundation
import Testing

@testable import AuthServer

@Suite struct MailTemplateTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func templates(_ language: String = "en", service: String = "Example") throws -> MailTemplates {
    try MailTemplates(
      folder: directory.path, language: LanguageTag(setting: language), service: service,
      linkBase: .page(SecureURL(setting: "https://example.org/reset")))
  }

  private func write(_ name: String, _ text: String, language: String = "en") throws {
    let folder = directory.path + "/" + language
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
  }

  private func problems(_ language: String = "en") throws -> [String] {
    let problems = #expect(throws: MailTemplateProblems.self) { try templates(language) }
    return try #require(problems).sentences.map { $0.replacing(directory.path + "/", with: "") }
  }

  private func message(_ kind: MailKind, to email: String = "bob@me.com") -> AuthMessage {
    AuthMessage(id: "816c5054-2d3c-49ba-9a2d-3ac105134705", email: Email(stored: email), content: kind.sample)
  }

  @Test(arguments: MailKind.allCases)
  func `every kind has texts that use its values, name the service and say what to do otherwise`(_ kind: MailKind) throws {
    let templates = try MailTemplates(
      folder: nil, language: .english, service: "Example", linkBase: .page(SecureURL(setting: "https://example.org/reset")))
    let mail = templates.mail(about: message(kind))
    for part in [mail.subject, mail.text, mail.html] {
      #expect(part.contains("Example") && !part.contains("{{") && !part.contains("}}"))
    }
    let ofOperator: [MailKind] = [.accountUnlocked, .accountDisabled, .accountEnabled, .accountDeletedByOperator]
    let otherwise = ofOperator.contains(kind) ? "If you did not ask for this" : "If it was not you"
    #expect(mail.text.contains(otherwise) && mail.html.contains(otherwise))
    for value in MailKind.values(of: message(kind), linkBase: try .page(SecureURL(setting: "https://example.org/reset"))).values {
      #expect(mail.text.contains(value) && mail.html.contains(HTML.escaped(value)))
    }
    #expect(mail.text.split(separator: "\n").allSatisfy { $0.count <= 76 || $0.contains("https://") })
    #expect(MailKind(kind.sample) == kind)
  }

  @Test func `the files of a folder take the place of the defaults, each kind by itself`() throws {
    try write("password_reset.subject", "Neues Passwort für {{service}}\n", language: "de")
    try write("password_reset.txt", "{{ link }}\r\n{{expires_at}} {{email}}", language: "de")
    try write("password_reset.html", "<a href=\"{{link}}\">{{service}}</a>", language: "de")
    let templates = try templates("de", service: "<b>A & \"B\"</b>")
    let mail = templates.mail(about: message(.passwordReset))
    let link = "https://example.org/reset#email=bob%40me.com&reset_token=" + String(repeating: "x", count: 43)
    #expect(mail.subject == "Neues Passwort für <b>A & \"B\"</b>")
    #expect(mail.text == "\(link)\r\n2026-11-25 05:00 UTC bob@me.com")
    #expect(
      mail.html == "<a href=\"\(link.replacing("&", with: "&amp;"))\">&lt;b&gt;A &amp; &quot;B&quot;&lt;/b&gt;</a>")
    #expect(templates.missing == MailKind.allCases.filter { $0 != .passwordReset })
    #expect(templates.mail(about: message(.passwordChanged)).text.contains("If it was not you"))
  }

  @Test(arguments: MailKind.allCases.filter(\.reachesRecoveryEmail))
  func `a mail to a recovery email names the account, and its link has the account's email`(_ kind: MailKind) throws {
    // A folder without templates.
    try write(".empty", "")
    let (second, bob) = (Email(stored: "bob@second.org"), Email(stored: "bob@me.com"))
    let mail = try templates().mail(about: AuthMessage(id: "1", email: second, accountEmail: bob, content: kind.sample))
    #expect(mail.text.contains("bob@me.com") && mail.html.contains("bob@me.com"))
    #expect(!mail.text.contains("second.org") && !mail.html.contains("second.org"))
    #expect(mail.text.contains("#email=bob%40me.com&reset_token=") == (kind == .passwordReset))
  }

  @Test func `what is wrong is named with file and line`() throws {
    try write("password_reset.subject", "a\nb\n")
    try write("password_reset.txt", "\n\n{{link}} {{lnk}}")
    try write("password_reset.html", "{{link}}\n{{service")
    try write("password_changed.txt", "")
    try write("pasword_changed.html", "")
    try write(".password_changed.txt.swp", "")
    #expect(
      try problems() == [
        """
        en/password_reset.txt:3: the template has the variable {{lnk}}; there are {{account}}, {{email}}, {{expires_at}}, \
        {{link}}, {{service}}
        """,
        "en/password_reset.html:2: the template has {{ without }} after it", "en/password_reset.subject:1: a subject is one line",
        "en/password_changed.txt has password_changed.txt, but not password_changed.subject and password_changed.html"
          .replacing("en/password_changed.txt has", with: "en has"),
        "en/pasword_changed.html is not the name of a template",
      ])
  }

  @Test(arguments: [
    ("{{{link}}}", "the template has the variable {{{link}}; there are"),
    ("{{}}", "the template has the variable {{}}; there are"),
    ("{{#link}}x{{/link}}", "the template has the variable {{#link}}; there are"),
    (String(repeating: "{{link}}", count: 101), "the template has more than 100 variables"),
    ("no link", "the template has no {{link}}"),
  ])
  func `a template has variables and nothing else`(text: String, sentence: String) throws {
    try write("password_reset.subject", "a")
    try write("password_reset.html", "{{link}}")
    try write("password_reset.txt", text)
    #expect(try problems().first?.hasPrefix("en/password_reset.txt:1: \(sentence)") == true)
  }

  @Test func `a template is limited, and UTF-8`() throws {
    try write("password_reset.subject", "a")
    try write("password_reset.html", "{{link}}")
    try write("password_reset.txt", "{{link}}" + String(repeating: "x", count: 32 * 1024))
    #expect(try problems() == ["en/password_reset.txt has more than 32768 bytes"])
    try Data([0xff]).write(to: URL(filePath: directory.path + "/en/password_reset.txt"))
    #expect(try problems() == ["en/password_reset.txt is not UTF-8"])
  }

  @Test func `a mail that can become too long is refused before it is sent`() throws {
    let text = String(repeating: "{{link}}\u{1}", count: 100) + String(repeating: "\u{1}", count: 31_000)
    try write("password_reset.subject", "a")
    for name in ["password_reset.html", "password_reset.txt"] { try write(name, text) }
    #expect(try problems() == ["the mail of password_reset can have more than 262144 bytes"])
  }

  @Test func `a value is not a template`() throws {
    let mail = try MailTemplates(
      folder: nil, language: .english, service: "{{link}}", linkBase: .page(SecureURL(setting: "https://example.org/reset"))
    ).mail(about: message(.passwordChanged))
    #expect(mail.subject == "Your password for {{link}} was changed")
  }
}
