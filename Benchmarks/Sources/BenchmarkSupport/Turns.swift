/// What two measurements gave that took turns, the subject first.
package struct Turns<Figure> {
  package private(set) var pairs: [(subject: Figure, reference: Figure)] = []

  package init(
    _ repetitions: Int, _ subject: () async throws -> Figure, against reference: () async throws -> Figure
  ) async throws {
    for _ in 0..<repetitions { pairs.append((try await subject(), try await reference())) }
  }

  /// The median of the ratios of the subject to the reference.
  package func ratio(of figure: (Figure) -> Double) -> Double {
    median(pairs.map { figure($0.subject) / figure($0.reference) })
  }

  /// The median of the subject alone.
  package func subject(_ figure: (Figure) -> Double) -> Double {
    median(pairs.map { figure($0.subject) })
  }
}
