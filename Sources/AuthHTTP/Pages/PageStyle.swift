internal import AuthCore
internal import FoundationEssentials
internal import HTTPTypes

/// How the pages look, and what they say of the service.
///
///     var policy = HTTPPolicy(for: auth.policy)
///     policy.pages = PageStyle(name: "Example", accent: AccentColor("#006644")!, homeURL: "https://www.example.org/")
public struct PageStyle: Sendable, Equatable {
  /// The name of the service.
  public let name: String

  /// The colour of buttons.
  public let accent: AccentColor

  /// Where a page leads when there is nothing left to do on it; nil for nowhere.
  public let homeURL: String?

  let stylesheet: HTML
  let headers: HTTPFields

  /// Creates the style of the pages.
  ///
  /// - Parameters:
  ///   - name: the name of the service.
  ///   - accent: the colour of buttons.
  ///   - homeURL: an `https` URL. It is the application's own, not a value from a request.
  public init(name: String, accent: AccentColor = .blue, homeURL: String? = nil) {
    (self.name, self.accent, self.homeURL) = (name, accent, homeURL)
    stylesheet = Self.stylesheet(accent)
    headers = Self.headers(allowing: stylesheet)
  }

  /// Responses contain a form with a secret, so they are not kept, framed or read elsewhere, and nothing is loaded for them: the
  /// only style is the one with this digest, and no script runs. The origin alone is told as the referrer: without it browsers
  /// hide the origin of a form, too (Fetch Standard, "append a request `Origin` header"), and nothing could tell it from that of
  /// another site where there is no `Sec-Fetch-Site`.
  private static func headers(allowing stylesheet: HTML) -> HTTPFields {
    let digest = Data(Libcrypto.sha256(stylesheet.source.utf8)).base64EncodedString()
    return [
      .contentType: "text/html; charset=utf-8",
      .cacheControl: "no-store",
      .xContentTypeOptions: "nosniff",
      .contentSecurityPolicy:
        "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      .referrerPolicy: "strict-origin",
      HTTPField.Name("Cross-Origin-Opener-Policy")!: "same-origin",
      HTTPField.Name("Cross-Origin-Resource-Policy")!: "same-origin",
    ]
  }
}

// MARK: - The stylesheet

extension PageStyle {
  private static let (lightCard, darkCard) = (AccentColor.white, AccentColor("#1d2126")!)
  private static let (lightText, darkText) = (AccentColor("#1b1f24")!, AccentColor("#eceef1")!)

  /// The edge of a button: the accent itself if it stands out from the card (WCAG 2.2, 1.4.11), or else the colour of text.
  private static func edge(_ accent: AccentColor, on card: AccentColor, or text: AccentColor) -> AccentColor {
    accent.contrast(with: card) >= 3 ? accent : text
  }

  /// Lengths are relative to the reader's own size of text. Links have the colour of text, so that the accent may be any.
  private static func stylesheet(_ accent: AccentColor) -> HTML {
    """
    :root {
      color-scheme: light dark;
      --accent: \(accent.description); --on-accent: \(accent.textColor.description);
      --edge: \(edge(accent, on: lightCard, or: lightText).description);
      --text: \(lightText.description); --muted: #555c66; --card: \(lightCard.description); --back: #f3f4f6;
      --line: #79818c; --error: #b3261e; --tint: #fcf1f0;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --edge: \(edge(accent, on: darkCard, or: darkText).description);
        --text: \(darkText.description); --muted: #a9b0ba; --card: \(darkCard.description); --back: #121418;
        --line: #838b96; --error: #ff9d94; --tint: #2e2020;
      }
    }
    * { box-sizing: border-box; }
    html { border-top: .375rem solid var(--edge); background: var(--back); }
    body {
      margin: 0 auto; padding: clamp(1.25rem, 7vh, 5rem) 1rem 2rem; max-width: 28rem; color: var(--text);
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
      overflow-wrap: break-word;
    }
    header { margin: 0 0 1rem; text-align: center; font-weight: 600; color: var(--muted); }
    main {
      padding: clamp(1.25rem, 5vw, 2.25rem); border-radius: .75rem; background: var(--card);
      box-shadow: 0 1px 2px #0002, 0 8px 24px #0001;
    }
    h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
    p { margin: 0 0 1rem; }
    main > :last-child { margin-bottom: 0; }
    form > div { margin: 0 0 1.25rem; }
    label { display: block; font-weight: 600; }
    input {
      display: block; width: 100%; margin-top: .375rem; padding: .625rem .75rem; border: 1px solid var(--line);
      border-radius: .5rem; background: var(--card); color: inherit; font: inherit;
    }
    input[type="checkbox"] {
      display: inline-block; width: 1.25rem; height: 1.25rem; margin: 0 .5rem 0 0; accent-color: var(--edge);
    }
    .choice { display: flex; align-items: center; }
    .choice label { font-weight: 400; }
    input[readonly] { padding: 0; border: 0; border-radius: .125rem; background: none; }
    input[aria-invalid] { border: 2px solid var(--error); }
    button, .button {
      display: block; width: 100%; padding: .6875rem 1rem; border: 1px solid var(--edge); border-radius: .5rem;
      background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-align: center;
      text-decoration: none; cursor: pointer;
    }
    button:hover, .button:hover { text-decoration: underline; text-underline-offset: .2em; }
    :focus-visible { outline: .125rem solid var(--text); outline-offset: .125rem; }
    form + p { margin-top: 1.25rem; }
    .link { text-align: center; }
    .link a { color: inherit; text-underline-offset: .2em; }
    .hint { margin: 0; color: var(--muted); font-size: .9375rem; }
    .error { margin: .125rem 0 0; color: var(--error); font-weight: 600; }
    .alert {
      margin: 0 0 1.25rem; padding: .75rem 1rem; border-left: .25rem solid var(--error); border-radius: .25rem;
      background: var(--tint);
    }
    """
  }
}
