/// Runs `work` many times concurrently and returns the results in the order of their indices.
func atOnce<Result: Sendable>(
  _ count: Int, _ work: @escaping @Sendable (_ index: Int) async throws -> Result
) async throws -> [Result] {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    for index in 0..<count {
      group.addTask { (index, try await work(index)) }
    }
    return try await group.reduce(into: [(Int, Result)]()) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
  }
}

extension Sequence {
  /// Transforms the elements one after the other.
  func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
