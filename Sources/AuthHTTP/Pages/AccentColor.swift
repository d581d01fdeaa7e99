internal import AuthCore
internal import Glibc

/// The colour of the buttons of the pages.
///
/// Text on it is black or white, whichever can be read better: one of them always has a contrast of at least 4.58 to 1, more than
/// the 4.5 of WCAG 2.2, 1.4.3.
public struct AccentColor: Sendable, Equatable, CustomStringConvertible {
  /// A blue, which stands out from a light and from a dark background.
  public static let blue = AccentColor("#2f6fd0")!

  /// In lower case: `#2f6fd0`.
  public let description: String
  private let red, green, blue: UInt8

  static let white = AccentColor("#ffffff")!
  static let black = AccentColor("#000000")!

  /// A colour as `#` and six hexadecimal digits; nil for other text.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 7, bytes[0] == UInt8(ascii: "#"),
      // `UInt32` also reads a sign.
      !"+-".utf8.contains(bytes[1]), let value = UInt32(text.dropFirst(), radix: 16)
    else { return nil }
    description = text.lowercased()
    (red, green, blue) = (UInt8(value >> 16), UInt8(value >> 8 & 0xff), UInt8(value & 0xff))
  }

  /// The colour of text on it.
  var textColor: AccentColor { contrast(with: .white) >= contrast(with: .black) ? .white : .black }

  /// WCAG 2.2, "contrast ratio": 1 to 21.
  func contrast(with other: AccentColor) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// WCAG 2.2, "relative luminance": 0 to 1.
  private var luminance: Double {
    func linear(_ value: UInt8) -> Double {
      let value = Double(value) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }
}
