internal import AuthCore

extension StoreContract {
  /// One rule, and the check of it.
  public struct Clause: Sendable, CustomStringConvertible {
    /// What the clause is about.
    public let subject: Subject
    /// The rule in a sentence; no two clauses have the same.
    public let name: String
    private let body: @Sendable (Trial) async throws -> Void

    init(_ subject: Subject, _ name: String, _ body: @escaping @Sendable (Trial) async throws -> Void) {
      self.subject = subject
      self.name = name
      self.body = body
    }

    /// Subject and name.
    public var description: String { "\(subject): \(name)" }

    /// Returns if the rule holds in a store that `fixture` opens.
    ///
    /// - Throws: ``ContractViolation`` when the store breaks the rule. What the fixture throws, and
    ///   `StoreError.unavailable`, are passed on: they say nothing about the rule.
    public func check(_ fixture: some StoreFixture) async throws {
      let trial = Trial(clause: description, fixture: fixture, store: try await fixture.open())
      do {
        try await body(trial)
      } catch let error as StoreError {
        if case .unavailable = error { throw error }
        throw ContractViolation(
          clause: description, matter: "an operation that has no reason to fail", expected: "its answer", found: "\(error)")
      }
    }
  }
}
