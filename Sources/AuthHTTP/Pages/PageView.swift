internal import AuthCore

/// Writes a page in HTML. It works without scripts, with the keyboard alone, and with a screen reader (WCAG 2.2): each input has
/// a label, each error is at its input, which has the focus, and the title says that there is one.
struct PageView {
  let page: Page
  let style: PageStyle
  let texts: PageTexts
  /// Of new passwords.
  let minimumLength: Int

  private var words: PageTexts.Words { page.words(texts) }

  /// The page with its form, or without if what the link should have brought is missing or no longer valid.
  ///
  /// - Parameter form: what the link brought, or what was sent. Passwords of it are never shown.
  func form(_ form: Form?, problem: Problem?) -> HTML {
    guard let form, problem.map(isAboutLink) != true else {
      return document(
        title: texts.title(words.title, isError: true),
        """
        <h1>\(words.title)</h1>
        \(alert(problem.map { isAboutLink($0) ? words.deadLink : texts.sentence($0, on: page) } ?? words.deadLink))
        \(renewal(form))
        \(home(isButton: page.renewal == nil))
        """)
    }
    let isAtInput = problem.flatMap(inputAtFault) != nil
    return document(
      title: texts.title(words.title, isError: problem != nil),
      """
      <h1>\(words.title)</h1>
      \(isAtInput ? nil : problem.map { alert(texts.sentence($0, on: page)) })
      <p>\(words.introduction)</p>
      <form method="post" action="\(page.name)" novalidate>
      \(page.token.map { hidden($0, form) })
      \(page.inputs.map { input($0, form, problem) })
      <button>\(words.button)</button>
      </form>
      """)
  }

  /// The page after its form was accepted.
  func done(_ form: Form) -> HTML {
    document(
      title: words.doneTitle,
      """
      <h1>\(words.doneTitle)</h1>
      <p role="status">\(words.done("<bdi>\(value(.email, form))</bdi>"))</p>
      \(home(isButton: true))
      """)
  }

  // MARK: Problems

  /// What an operation says of a link that was used, has expired or was never made.
  private static let codesOfLinks: [AuthError.Code] = [.invalidResetToken, .invalidVerification, .invalidTakeBack]

  /// Whether the link is of no use, in the form in which it came.
  private func isAboutLink(_ problem: Problem) -> Bool {
    guard let token = page.token else { return false }
    if Self.codesOfLinks.contains(where: { $0.rawValue == problem.code }) { return true }
    let given = [token] + page.inputs.filter(\.isGiven).map(\.field)
    return problem.code.hasPrefix("field_") && given.contains { $0.rawValue == problem.field }
  }

  private func inputAtFault(_ problem: Problem) -> Page.Input? {
    page.inputs.first { $0.field.rawValue == problem.field }
  }

  // MARK: Elements

  private func document(title: String, _ content: HTML) -> HTML {
    """
    <!DOCTYPE html>
    <html lang="\(texts.language)">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(title) – \(style.name)</title>
    <style>\(style.stylesheet)</style>
    </head>
    <body>
    <header><bdi>\(style.name)</bdi></header>
    <main>
    \(content)
    </main>
    </body>
    </html>

    """
  }

  /// Browsers give it the focus, from which screen readers read on.
  private func alert(_ sentence: String) -> HTML {
    """
    <div class="alert" role="alert" tabindex="-1" autofocus>\(sentence)</div>
    """
  }

  private func hidden(_ field: Form.Field, _ form: Form) -> HTML {
    """
    <input type="hidden" name="\(field.rawValue)" value="\(value(field, form))">
    """
  }

  private func box(_ input: Page.Input, _ form: Form) -> HTML {
    let name = input.field.rawValue
    let isTicked = (try? form.flag(input.field)) == true
    return """
      <div class="choice">
      <input id="\(name)" name="\(name)" type="checkbox" value="on"\(isTicked ? " checked" : nil as HTML?)>
      <label for="\(name)">\(texts.label(input.field))</label>
      </div>
      """
  }

  private func input(_ input: Page.Input, _ form: Form, _ problem: Problem?) -> HTML {
    guard let autocomplete = input.autocomplete else { return box(input, form) }
    let (name, isPassword) = (input.field.rawValue, autocomplete != .username)
    let hint = texts.hint(input.field, minimumLength: minimumLength)
    let error = problem.flatMap { $0.field == name ? texts.sentence($0, on: page) : nil }
    let descriptions = [error.map { _ in name + "-error" }, hint.map { _ in name + "-hint" }].compactMap(\.self)
    // Apple, "Customizing Password AutoFill rules": what a generated password must keep to.
    let rules: HTML? = input.field == .newPassword ? #" passwordrules="minlength: \#(String(minimumLength));""# : nil
    let keyboard: HTML? = isPassword ? nil : #" inputmode="email" autocapitalize="none" spellcheck="false""#
    let faults: HTML? = error == nil ? nil : #" aria-invalid="true" autofocus"#
    let describedBy: HTML? =
      descriptions.isEmpty ? nil : #" aria-describedby="\#(descriptions.joined(separator: " "))""#
    return """
      <div>
      <label for="\(name)">\(texts.label(input.field))</label>
      \(hint.map { #"<p class="hint" id="\#(name)-hint">\#($0)</p>"# })
      \(error.map { #"<p class="error" id="\#(name)-error" role="alert">\#($0)</p>"# })
      <input id="\(name)" name="\(name)" type="\(isPassword ? "password" : "email")"\
       autocomplete="\(autocomplete.rawValue)"\
       value="\(isPassword ? "" : value(input.field, form))"\
      \(input.isGiven ? " readonly" : " required" as HTML)\(keyboard)\(rules)\(describedBy)\(faults)>
      </div>
      """
  }

  /// A button that sends another message to the email that the link brought, or else a link to the page that asks for one.
  private func renewal(_ form: Form?) -> HTML? {
    guard let page = page.renewal else { return nil }
    guard let form, !value(.email, form).isEmpty else {
      return #"<p><a class="button" href="\#(page)">\#(texts.renewal)</a></p>"#
    }
    return """
      <form method="post" action="\(page)">
      \(hidden(.email, form))
      <button>\(texts.renewal)</button>
      </form>
      """
  }

  /// A link that looks like a button where there is nothing else to do.
  private func home(isButton: Bool) -> HTML? {
    style.homeURL.map { url in
      let text = texts.home(style.name)
      return isButton
        ? #"<p><a class="button" href="\#(url)">\#(text)</a></p>"# : #"<p class="link"><a href="\#(url)">\#(text)</a></p>"#
    }
  }

  private func value(_ field: Form.Field, _ form: Form) -> String { (try? form.text(field)) ?? "" }
}
