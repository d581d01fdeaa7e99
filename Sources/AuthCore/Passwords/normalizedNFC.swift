// The standard library compares strings by canonical equivalence, but has no public way to bring one to a normal form.
internal import Foundation

/// `text` in Unicode's normalisation form C (UAX #15).
func normalizedNFC(_ text: String) -> String {
  text.precomposedStringWithCanonicalMapping
}
