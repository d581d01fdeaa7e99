internal import ArgumentParser
internal import AuthHTTP

/// The pages that the server itself has, and how they look.
struct PageSettings: SettingGroup {
  @Option(Pages.self) var pages: Given<Pages>
  enum Pages: Setting {
    static let name = "pages"
    static let help = """
      Serves pages to which the links in messages lead. The value is the URL of the server, as browsers have it, such as \
      `https://auth.example.org`: \(SecureURL.rule).
      """
    static let placeholder = "url"
    typealias Value = ServerURL
  }

  @Option(Accent.self) var accent: Given<Accent>
  enum Accent: Setting {
    static let name = "pages-accent"
    static let isReloadable = true
    static let help = "The colour of the buttons of pages, as six hexadecimal digits; text on it is black or white."
    static let placeholder = "colour"
    static let defaultText = AccentColor.blue.description
    typealias Value = AccentColor
  }

  @Option(Home.self) var home: Given<Home>
  enum Home: Setting {
    static let name = "pages-home"
    static let isReloadable = true
    static let help = "Where pages lead when they are done, such as your login page: \(SecureURL.rule)."
    static let placeholder = "url"
    typealias Value = SecureURL
  }
}

/// The URL under which the routes of the server are, as browsers have it.
struct ServerURL: SettingValue, CustomStringConvertible {
  /// Without a slash at the end.
  let text: String
  let host: String

  init(setting text: String) throws(InvalidValue) {
    let url = try SecureURL(setting: text)
    guard !text.contains("?") else { throw InvalidValue(reason: "must be the URL of the server, without a query") }
    self.text = String(text.reversed().drop { $0 == "/" }.reversed())
    host = url.host
    guard !self.text.hasSuffix("/pages") else {
      throw InvalidValue(reason: "must be the URL of the server, without the path /pages, which the pages add themselves")
    }
  }

  var description: String { text }
}

extension AccentColor: SettingValue {
  /// Also without the `#`, which begins a comment in a settings file and in a shell.
  init(setting text: String) throws(InvalidValue) {
    guard let color = AccentColor(text.hasPrefix("#") ? text : "#" + text) else {
      throw InvalidValue(reason: "must be six hexadecimal digits such as 2f6fd0, not '\(text)'")
    }
    self = color
  }
}
