internal import AuthCore

extension StoreContract {
  /// A rule, and the check of it.
  public struct Clause: Sendable, Identifiable, CustomStringConvertible {
    /// What tells clauses apart: the port and the rule.
    public struct ID: Sendable, Hashable, CustomStringConvertible {
      /// The port that the clause belongs to.
      public let port: Port
      /// The rule in a sentence.
      public let rule: String

      /// Port and rule in one line.
      public var description: String { "\(port): \(rule)" }
    }

    /// What tells this clause from all others.
    public let id: ID
    private let body: @Sendable (Trial) async throws -> Void

    init(_ port: Port, _ rule: String, _ body: @escaping @Sendable (Trial) async throws -> Void) {
      id = ID(port: port, rule: rule)
      self.body = body
    }

    /// The port that the clause belongs to.
    public var port: Port { id.port }

    /// The rule in a sentence.
    public var rule: String { id.rule }

    /// Port and rule in one line.
    public var description: String { id.description }

    /// Returns if a store that `fixture` opens keeps the rule. The fixture is closed at the end, in every case.
    ///
    /// - Throws: ``ContractViolation`` if the store breaks the rule. Errors of the fixture and `StoreError.unavailable` are
    ///   passed on: they say nothing about the rule.
    public func check(_ fixture: some StoreFixture) async throws {
      let outcome = await outcome(with: fixture)
      await fixture.close()
      try outcome.get()
    }

    private func outcome(with fixture: some StoreFixture) async -> Result<Void, any Error> {
      do {
        try await body(Trial(clause: id, fixture: fixture, store: try await fixture.open()))
        return .success(())
      } catch StoreError.unavailable(let reason) {
        return .failure(StoreError.unavailable(reason))
      } catch let error as StoreError {
        return .failure(
          ContractViolation(
            clause: id, matter: "an operation that has no reason to fail", expected: "a result", found: "the error \"\(error)\""))
      } catch {
        return .failure(error)
      }
    }
  }
}
