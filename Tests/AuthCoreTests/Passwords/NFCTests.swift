import Foundation
import Testing

@testable import AuthCore

@Suite struct NFCTests {
  // UAX #15, table 1 and figures 3 to 5, and its section 12; as Python's unicodedata normalises them.
  @Test(arguments: [
    ("plain", "plain"),
    ("e\u{301}", "\u{e9}"),
    ("\u{212b}", "\u{c5}"),
    ("\u{2126}", "\u{3a9}"),
    ("s\u{323}\u{307}", "\u{1e69}"),
    ("s\u{307}\u{323}", "\u{1e69}"),
    ("\u{1e0b}\u{323}", "\u{1e0d}\u{307}"),
    ("\u{1100}\u{1161}\u{11a8}", "\u{ac01}"),
    ("\u{958}", "\u{915}\u{93c}"),
    ("\u{1d15e}", "\u{1d157}\u{1d165}"),
    ("\u{fb01}", "\u{fb01}"),
    ("\u{f73}\u{f73}", "\u{f71}\u{f71}\u{f72}\u{f72}"),
    ("a\u{0}e\u{301}", "a\u{0}\u{e9}"),
    ("", ""),
  ])
  func `a text is put into the form that Unicode says`(text: String, form: String) {
    #expect(text.normalizedToNFC().hasSameBytes(as: form))
  }

  @Test func `every scalar, alone and with marks, gets the form that Foundation gives it`() {
    for value in UInt32(0x80)...0x2_ffff {
      guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .unassigned,
        // Ninety thousand that no form changes.
        !scalar.properties.isUnifiedIdeograph
      else { continue }
      for (text, isRightInFoundation) in [
        ("\(scalar)", true), ("a\(scalar)\u{334}", true),
        // Of U+10041, a sign of Linear B, and these marks Foundation makes U+1EA0, a Latin letter: it takes the lower half for A.
        ("\(scalar)\u{301}\u{323}", value <= 0xffff),
      ] {
        let form = text.normalizedToNFC()
        // The standard library, which compares by canonical equivalence, and Foundation have tables of their own.
        guard form == text, form.normalizedToNFC().hasSameBytes(as: form),
          !isRightInFoundation || form.hasSameBytes(as: text.precomposedStringWithCanonicalMapping)
        else {
          Issue.record("U+\(String(value, radix: 16)): \(text.unicodeScalars) became \(form.unicodeScalars)")
          continue
        }
      }
    }
  }

  @Test func `marks that alternate are put in order`() {
    let marks = 3_000
    let form = String(repeating: "\u{301}\u{316}", count: marks).normalizedToNFC()
    #expect(form.hasSameBytes(as: String(repeating: "\u{316}", count: marks) + String(repeating: "\u{301}", count: marks)))
  }
}
