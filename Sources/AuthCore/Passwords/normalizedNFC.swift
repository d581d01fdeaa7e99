// The standard library has no public function that normalises a string.
internal import Foundation

/// Converts `text` to Unicode's normalisation form C (UAX #15).
func normalizedNFC(_ text: String) -> String {
  text.precomposedStringWithCanonicalMapping
}
