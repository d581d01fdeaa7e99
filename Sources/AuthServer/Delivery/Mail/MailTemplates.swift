internal import AuthCore
internal import AuthHTTP
internal import FoundationEssentials

/// The texts of all mails in one language, checked.
struct MailTemplates: Sendable {
  private struct Texts: Sendable {
    let subject, text, html: MailTemplate
  }

  private let texts: [MailKind: Texts]
  private let service: String
  private let linkBase: LinkBase
  /// The kinds that have no text in the language, and have the English one.
  let missing: [MailKind]

  /// Reads the templates in `folder/language`. A kind has all three files there, or none and the default: half of them would say
  /// one thing in the text and another in HTML.
  ///
  /// - Throws: ``MailTemplateProblems`` with the file and the line of each template that is wrong, and for files with another
  /// name.
  init(folder: String?, language: LanguageTag, service: String, linkBase: LinkBase) throws(MailTemplateProblems) {
    var (texts, missing, problems): ([MailKind: Texts], [MailKind], [String]) = ([:], [], [])
    let folder = folder.map { $0 + "/" + language.text }
    var files: Set<String> = []
    if let folder {
      do { files = Set(try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }) } catch {
        throw MailTemplateProblems(sentences: ["\(folder) is not a folder that this user may read"])
      }
    }
    for kind in MailKind.allCases {
      let names = Part.allCases.map { kind.rawValue + $0.ending }
      let found = names.filter { files.remove($0) != nil }
      var contents: [String] = []
      if found.isEmpty {
        if language != .english { missing.append(kind) }
        let defaults = kind.defaults
        contents = [defaults.subject, defaults.text, defaults.html]
      } else if found.count < names.count {
        let lost = names.filter { !found.contains($0) }.joined(separator: " and ")
        problems.append("\(folder ?? "") has \(found.joined(separator: " and ")), but not \(lost)")
        continue
      } else {
        for name in names {
          do { contents.append(try Self.contents(of: "\(folder ?? "")/\(name)")) } catch { problems.append(error.sentences[0]) }
        }
        guard contents.count == names.count else { continue }
      }
      // A subject is one line; that of a file ends with a line break.
      while contents[0].last?.isNewline == true { contents[0].removeLast() }
      let variables = Self.variables(of: kind, linkBase)
      var templates: [MailTemplate] = []
      for (name, text) in zip(names, contents) {
        do throws(MailTemplate.Problem) { templates.append(try MailTemplate(text, variables: variables)) } catch {
          problems.append("\(folder.map { $0 + "/" } ?? "")\(name):\(error.line): the template \(error.sentence)")
        }
      }
      if contents[0].contains(where: \.isNewline) || contents[0].isEmpty {
        problems.append("\(folder ?? "")/\(names[0]):1: a subject is one line")
      }
      // Without its link a message is of no use; in HTML alone, or in text alone, to half of its readers.
      if variables.contains("link") {
        for (name, template) in zip(names, templates).dropFirst() where !template.variables.contains("link") {
          problems.append("\(folder ?? "")/\(name):1: the template has no {{link}}")
        }
      }
      if templates.count == 3 { texts[kind] = Texts(subject: templates[0], text: templates[1], html: templates[2]) }
    }
    problems += files.sorted().map { "\(folder ?? "")/\($0) is not the name of a template" }
    guard problems.isEmpty else { throw MailTemplateProblems(sentences: problems) }
    (self.texts, self.missing, self.service, self.linkBase) = (texts, missing, service, linkBase)
    // With the longest email that mail can be sent to, of characters that take most room.
    let email = Email(stored: String(repeating: "&", count: 64) + "@" + String(repeating: "x", count: 185))
    for kind in MailKind.allCases {
      let mail = mail(about: AuthMessage(id: "", email: email, accountEmail: email, content: kind.sample))
      let length = MailText.quotedPrintable(mail.text).utf8.count + MailText.quotedPrintable(mail.html).utf8.count
      // The rest is for the header.
      guard length <= Mail.maximumBytes - 4096 else {
        throw MailTemplateProblems(sentences: ["the mail of \(kind.rawValue) can have more than \(Mail.maximumBytes) bytes"])
      }
    }
  }

  /// The mail about a message.
  func mail(about message: AuthMessage) -> RenderedMail {
    let values = MailKind.values(of: message, linkBase: linkBase).merging(Self.common(message, service)) { own, _ in own }
    // Every kind has its texts: the initialiser has seen all of them.
    let texts = texts[MailKind(message.content)]!
    return RenderedMail(
      subject: texts.subject.rendered(with: values) { $0 },
      text: texts.text.rendered(with: values) { $0 },
      html: texts.html.rendered(with: values, escape: HTML.escaped))
  }

  /// What every template may use.
  private static func common(_ message: AuthMessage, _ service: String) -> [String: String] {
    ["service": service, "email": message.email.text, "account": (message.accountEmail ?? message.email).text]
  }

  private static func variables(of kind: MailKind, _ linkBase: LinkBase) -> [String] {
    let sample = AuthMessage(id: "", email: Email(stored: ""), content: kind.sample)
    return (Array(MailKind.values(of: sample, linkBase: linkBase).keys) + Array(common(sample, "").keys)).sorted()
  }

  private static func contents(of path: String) throws(MailTemplateProblems) -> String {
    let bytes: [UInt8]
    do { bytes = try BoundedFile.contents(of: path, maximumBytes: MailTemplate.maximumBytes) } catch {
      throw MailTemplateProblems(sentences: ["\(path) \(error)"])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw MailTemplateProblems(sentences: ["\(path) is not UTF-8"])
    }
    return text
  }

  /// The files of a kind.
  private enum Part: CaseIterable {
    case subject, text, html

    var ending: String {
      switch self {
      case .subject: ".subject"
      case .text: ".txt"
      case .html: ".html"
      }
    }
  }
}

/// Everything that is wrong with templates, each with its file.
struct MailTemplateProblems: Error {
  let sentences: [String]
}
