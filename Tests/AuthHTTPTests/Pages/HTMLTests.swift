import Testing

@testable import AuthHTTP

@Suite struct HTMLTests {
  @Test(arguments: [
    ("plain é text", "plain é text"), ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    (#""><img src=x onerror='x'>"#, "&quot;&gt;&lt;img src=x onerror=&#39;x&#39;&gt;"), ("&amp;&lt;", "&amp;amp;&amp;lt;"),
    ("a\0b", "a\u{fffd}b"), ("<\u{301}", "&lt;\u{301}"), ("\"\u{301}", "&quot;\u{301}"), ("", ""),
    ("</style>\u{202e}", "&lt;/style&gt;\u{202e}"),
  ])
  func `text means nothing but itself in HTML`(_ text: String, _ escaped: String) {
    #expect(HTML.escaped(text) == escaped)
    let html: HTML = #"<p title="\#(text)">\#(text)</p>"#
    #expect(html.source == "<p title=\"\(escaped)\">\(escaped)</p>")
  }

  @Test func `what is HTML is put in as it is, and nil is nothing`() {
    let (piece, none): (HTML, HTML?) = ("<b>\("<")</b>", nil)
    let html: HTML = "<p>\(piece)\(none)\([piece, piece])</p>"
    #expect(html.source == "<p><b>&lt;</b><b>&lt;</b>\n<b>&lt;</b></p>")
  }
}

@Suite struct AccentColorTests {
  @Test(arguments: [
    "", "#", "2f6fd0", "#2f6fd", "#2f6fd00", "#2f6fdg", "#+f6fd0", "#-00000", "# 2f6fd", "#２f6f", "#2f6fd0;", "red", "#é1234",
  ])
  func `other text is no colour`(_ text: String) {
    #expect(AccentColor(text) == nil)
  }

  @Test func `contrast is that of WCAG 2.2`() throws {
    #expect(AccentColor.white.contrast(with: .black) == 21)
    // https://webaim.org/resources/contrastchecker/ has 4.54 for this grey.
    #expect(abs(try #require(AccentColor("#767676")).contrast(with: .white) - 4.54) < 0.005)
    #expect(AccentColor("#ABCDEF")?.description == "#abcdef")
  }

  @Test func `text can be read on every accent, and every button stands out`() throws {
    for red in stride(from: 0, through: 255, by: 15) {
      for green in stride(from: 0, through: 255, by: 15) {
        for blue in stride(from: 0, through: 255, by: 15) {
          let digits = [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
          let color = try #require(AccentColor("#" + digits))
          #expect(color.contrast(with: color.textColor) >= 4.5)
          let edges = PageStyle(name: "", accent: color).stylesheet.source.matches(of: /--edge: (#[0-9a-f]{6})/).map { $0.1 }
          #expect(edges.count == 2)
          for (edge, card) in zip(edges, ["#ffffff", "#1d2126"]) {
            let (edge, card) = (try #require(AccentColor(String(edge))), try #require(AccentColor(card)))
            #expect(edge.contrast(with: card) >= 3)
          }
        }
      }
    }
  }
}
